import type { Project } from "../../project.ts";
import { ruleGroups } from "../rules.ts";
import { excluded } from "../squawk.ts";

/** The documentation of the rules, as `docs/schema-rules.md` holds it. */
export function rulesPage({ call }: Pick<Project, "call">): string {
  const groups = ruleGroups.map(({ title, rules }) =>
    [
      `## ${title}`,
      "",
      "| rule | what must hold | why |",
      "| --- | --- | --- |",
      ...rules.map(({ id, says, why }) => `| \`${id}\` | ${says} | ${why} |`),
    ].join("\n"),
  );
  const left = Object.entries(excluded).map(([rule, why]) => `- \`${rule}\`: ${why}.`);
  return `${[headOf(call), ...groups, squawkHead, left.join("\n")].join("\n\n")}\n`;
}

const headOf = (call: Project["call"]) => `# Rules for migrations

\`${call("lint")}\` checks every file of \`supabase/migrations\` and \`supabase/rollbacks\` with PostgreSQL's own parser,
bodies of functions included. It reads the files in order and keeps a model of what each
statement makes, so that a rule knows which tables, indexes and functions are there at any place. A finding names the
file, the place, the rule, what is wrong and what to do. \`${call("lint", "FILE")}\` checks one file; a file from elsewhere
is taken for the next migration.

Rules that allow an exception ask for its reason in a comment: \`-- Definer:\`, \`-- No policy:\`, \`-- Open:\`, \`-- Anon:\`.

This page is generated from the rules.`;

const squawkHead = `## squawk

What [squawk](https://squawkhq.com/docs/rules) knows about changing a live database is checked too, under \`squawk/…\`: a
required column without a default, a changed column type, a renamed or dropped column, a type to avoid. Where npm has
no squawk for the platform, the lint says so and goes on. These of its rules are off:`;
