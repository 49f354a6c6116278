import { foldFiles } from "./catalogue/fold.ts";
import { type Finding, findingOf } from "./finding.ts";
import type { Project, Rule } from "./rule.ts";
import type { SourceFile } from "./source/source-file.ts";

/** All findings of these rules, ordered by file and place. */
export function lint(project: Project, rules: Rule[]): Finding[] {
  const catalogue = foldFiles(project.migrations);
  const found = project.migrations.flatMap((file) =>
    check(rules, "migrations", { file, catalogue, project }),
  );
  for (const file of project.rollbacks) {
    const before = project.migrations.filter(({ name }) => name <= file.name);
    const undone = foldFiles([...before, file]);
    found.push(...check(rules, "rollbacks", { file, catalogue: undone, project }));
  }
  return found;
}

function check(
  rules: Rule[],
  kind: "migrations" | "rollbacks",
  subject: Parameters<Rule["check"]>[0],
): Finding[] {
  const found = rules
    .filter(({ covers }) => covers === "both" || covers === kind)
    .flatMap((rule) => [...rule.check(subject)].map((problem) => ({ rule: rule.id, ...problem })));
  return found
    .sort((one, other) => one.offset - other.offset)
    .map(({ rule, ...problem }) => findingOf(rule, problem));
}

/** Files whose names count as one, in the order in which they are applied. */
export function byName(files: SourceFile[]): SourceFile[] {
  return files.toSorted((one, other) =>
    one.name < other.name ? -1 : one.name > other.name ? 1 : 0,
  );
}
