import { table } from "../../docs/markdown.ts";
import type { Project } from "../../project.ts";
import { excludedLints } from "../database/advisors.ts";
import { triedRules } from "../database/draft.ts";
import { databaseRules } from "../database/rules.ts";
import { ruleGroups } from "../rules.ts";
import { excluded } from "../squawk.ts";

/** The documentation of the rules, as `docs/schema-rules.md` holds it. */
export function rulesPage({ call }: Pick<Project, "call">): string {
  const groups = [
    ...ruleGroups,
    { title: "The migrated database", rules: databaseRules },
    { title: "A file that is tried", rules: triedRules },
  ].map(({ title, rules }) => {
    const rows = rules.map(({ id, says, why }) => [`\`${id}\``, says, why]);
    return `## ${title}\n\n${table(["rule", "what must hold", "why"], rows)}`;
  });
  return `${[headOf(call), ...groups, squawkHead, listOf(excluded), advisorsHead, listOf(excludedLints)].join("\n\n")}\n`;
}

function listOf(reasons: Record<string, string>): string {
  return Object.entries(reasons)
    .map(([rule, why]) => `- \`${rule}\`: ${why}.`)
    .join("\n");
}

const headOf = (call: Project["call"]) => `# Rules for migrations

\`${call("lint")}\` checks every file of \`supabase/migrations\` and \`supabase/rollbacks\` with PostgreSQL's own parser,
bodies of functions included, and then asks the database that the migrations make. A finding names the file, the place,
the rule, what is wrong and what to do. \`${call("lint", "FILE")}\` checks one file; a file from elsewhere is taken for the
next migration and tried in a transaction that is rolled back.

Rules that allow an exception ask for its reason in a comment over the statement: \`-- Definer:\`, \`-- Deletes:\`,
\`-- Open:\`, \`-- Anon:\`.

This page is generated from the rules.`;

const squawkHead = `## squawk

What [squawk](https://squawkhq.com/docs/rules) knows about changing a live database is checked too, under \`squawk/…\`: a
required column without a default, a changed column type, a renamed or dropped column, a type to avoid. Where npm has
no squawk for the platform, the lint says so and goes on. These of its rules are off:`;

const advisorsHead = `## Supabase's advisors

\`supabase db advisors\` is asked about the migrated database too, under \`advisors/…\`: foreign keys without an index,
policies that call \`auth.uid()\` for each row, tables without a primary key, indexes that stand twice. These of its
[lints](https://supabase.com/docs/guides/database/database-linter) are off:`;
