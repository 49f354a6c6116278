import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { projectRoot } from "../../project-root.ts";
import { projectFiles } from "../project-files.ts";
import type { Step } from "../step.ts";

/** What must not stand in a migration, and why. */
const forbidden: [pattern: RegExp, reason: string][] = [
  [/^\s*do\s+\$/im, "plain DDL instead of a do block"],
  [/\bexception\s+when\b/i, "an exception handler hides a wrong state"],
  [
    /\bsecurity definer\b(?![\s\S]{0,200}?set search_path = '')/i,
    "security definer without search_path = ''",
  ],
  [/\t/, "two spaces instead of a tab"],
];

/** Every migration is named by time and topic, opens with a comment and has its undo. */
export const migrations: Step = {
  name: "migrations",
  async run() {
    const files = projectFiles();
    const undos = new Set(
      files.filter((file) => file.startsWith("supabase/rollbacks/")).map((file) => basename(file)),
    );
    const found = files.filter((file) => /^supabase\/migrations\/.*\.sql$/.test(file));
    if (found.length === 0) return ["supabase/migrations has no migration"];
    return found.flatMap((file) => {
      const text = readFileSync(join(projectRoot, file), "utf8");
      const code = text.replaceAll(/--.*$/gm, "");
      const findings = forbidden.flatMap(([pattern, reason]) =>
        pattern.test(code) ? [reason] : [],
      );
      if (!/^\d{14}_[a-z0-9_]+\.sql$/.test(basename(file))) {
        findings.push("the name is not YYYYMMDDHHMMSS_topic.sql");
      }
      if (!text.startsWith("--")) findings.push("no comment at its head");
      if (!undos.has(basename(file))) findings.push(`no undo in supabase/rollbacks`);
      if (text.split("\n").some((line) => line.length > 100))
        findings.push("a line over 100 columns");
      return findings.map((finding) => `${file}: ${finding}`);
    });
  },
};
