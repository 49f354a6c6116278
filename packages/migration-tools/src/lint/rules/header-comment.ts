import type { Rule } from "../rule.ts";

export const headerComment: Rule = {
  id: "header-comment",
  says: "A file opens with a comment that says what it is about.",
  why: "The reader of a migration years later has nothing else to go by.",
  covers: "both",
  bad: [{ sql: "create schema a;\n-- Late.", at: "create" }],
  good: [{ sql: "-- A schema for notes.\n\ncreate schema a;" }],
  *check({ file }) {
    if (/^--\s*\S/.test(file.text)) return;
    yield {
      file,
      offset: 0,
      problem: "The file does not open with a comment.",
      remedy: "Say in its first lines what the migration is for.",
    };
  },
};
