import type { Rule } from "../rule.ts";

const widest = 100;

export const layout: Rule = {
  id: "layout",
  says: `Lines have at most ${widest} columns, no tabs, and nothing at their end.`,
  why: "Migrations are read side by side with their rollbacks, and differences should be of substance.",
  covers: "both",
  bad: [
    { sql: `-- ${"x".repeat(widest - 3)}yz\ncreate schema a;`, at: "yz" },
    { sql: "create table public.notes (\n\tid bigint\n);", at: "\tid" },
    { sql: "create schema a; \n", at: " \n" },
  ],
  good: [{ sql: `-- ${"x".repeat(widest - 3)}\ncreate schema a;` }],
  *check({ file }) {
    let start = 0;
    for (const line of file.text.split("\n")) {
      const faults: [offset: number, problem: string, remedy: string][] = [
        [
          line.length > widest ? widest : -1,
          `The line has ${line.length} columns.`,
          `Break it before column ${widest}.`,
        ],
        [line.indexOf("\t"), "The line has a tab.", "Indent by two spaces."],
        [line.search(/[ \t\r]+$/), "The line ends in spaces.", "Remove them."],
      ];
      const fault = faults.find(([offset]) => offset >= 0);
      if (fault) yield { file, offset: start + fault[0], problem: fault[1], remedy: fault[2] };
      start += line.length + 1;
    }
  },
};
