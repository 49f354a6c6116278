import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lintProject, rulesPage, textReport } from "@sideline/migration-tools";
import { sideline } from "../../db/sideline.ts";
import { projectRoot } from "../../project-root.ts";
import type { Step } from "../step.ts";

/** Every migration and rollback keeps the rules, and so does the database that they make. */
export const migrations: Step = {
  name: "migrations",
  async run(context) {
    const { dbUrl } = await context.stack();
    const result = await lintProject(sideline, { dbUrl });
    return result.findings.length > 0 ? [textReport(result)] : [];
  },
};

/** The documentation lists the rules as they are. */
export const migrationRules: Step = {
  name: "migration rules",
  async run({ write }) {
    const file = join(projectRoot, "docs/schema-rules.md");
    const page = rulesPage(sideline);
    if (existsSync(file) && readFileSync(file, "utf8") === page) return [];
    if (!write) return ["docs/schema-rules.md is not what the rules say: npm run check -- --write"];
    writeFileSync(file, page);
    return [];
  },
};
