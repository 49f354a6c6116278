import type { Finding } from "./finding.ts";
import type { Project, Rule } from "./rule.ts";
import { lineAndColumn } from "./source/places.ts";
import type { SourceFile } from "./source/source-file.ts";

/** What these rules find in the files that are meant, of a project that is looked at whole. */
export function lint(
  project: Project,
  rules: Rule[],
  isMeant: (path: string) => boolean = () => true,
): Finding[] {
  const files = [...project.migrations, ...project.rollbacks].filter(({ path }) => isMeant(path));
  return files.flatMap((file) =>
    rules
      .filter(({ covers }) => covers === "both" || covers === `${file.kind}s`)
      .flatMap((rule) =>
        [...rule.find(file, project)].map(
          ({ offset, problem = rule.says, remedy = rule.remedy }) => ({
            file: file.path,
            ...lineAndColumn(file.text, offset),
            rule: rule.id,
            problem,
            remedy,
          }),
        ),
      ),
  );
}

/** Files whose names count as one, in the order in which they are applied. */
export function byName(files: SourceFile[]): SourceFile[] {
  return files.toSorted((one, other) =>
    one.name < other.name ? -1 : one.name > other.name ? 1 : 0,
  );
}
