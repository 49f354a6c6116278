import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { projectRoot } from "../../project-root.ts";
import { projectFiles } from "../project-files.ts";
import type { Step } from "../step.ts";
import { anchorsOf, linksOf, testsOf } from "./markdown.ts";

/**
 * Every relative link in a document leads to a file that exists, and to a heading in it; a link to a
 * file of tests names one that is there.
 */
export const docsLinks: Step = {
  name: "links in documents",
  async run() {
    const documents = projectFiles().filter((file) => file.endsWith(".md"));
    return documents.flatMap((document) => {
      const text = readFileSync(join(projectRoot, document), "utf8");
      const broken = linksOf(text).flatMap((link) => {
        const fault = faultOf(document, link);
        return fault ? [`${document}: ${link} ${fault}`] : [];
      });
      const gone = testsOf(text).filter(({ title, link }) => !hasTest(document, link, title));
      return [
        ...broken,
        ...gone.map(({ title, link }) => `${document}: ${link} has no test "${title}"`),
      ];
    });
  },
};

function hasTest(document: string, link: string, title: string): boolean {
  const file = join(projectRoot, dirname(document), decodeURIComponent(link));
  if (!existsSync(file)) return true; // That the link leads nowhere is told already.
  const text = readFileSync(file, "utf8");
  return text.includes(file.endsWith(".sql") ? title.replaceAll("'", "''") : title);
}

function faultOf(document: string, link: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return null;
  const [path = "", anchor] = decodeURIComponent(link).split("#");
  const target = path ? normalize(join(dirname(document), path)) : document;
  const file = join(projectRoot, target);
  if (!existsSync(file)) return "leads nowhere";
  if (!anchor || !target.endsWith(".md") || statSync(file).isDirectory()) return null;
  return anchorsOf(readFileSync(file, "utf8")).has(anchor) ? null : "names no heading there";
}
