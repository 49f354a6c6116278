import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { projectRoot } from "../../project-root.ts";
import { projectFiles } from "../project-files.ts";
import type { Step } from "../step.ts";
import { anchorsOf, linksOf } from "./markdown.ts";

/** Every relative link in a document leads to a file that exists, and to a heading in it. */
export const docsLinks: Step = {
  name: "links in documents",
  async run() {
    const documents = projectFiles().filter((file) => file.endsWith(".md"));
    return documents.flatMap((document) => {
      const text = readFileSync(join(projectRoot, document), "utf8");
      return linksOf(text).flatMap((link) => {
        const fault = faultOf(document, link);
        return fault ? [`${document}: ${link} ${fault}`] : [];
      });
    });
  },
};

function faultOf(document: string, link: string): string | null {
  if (/^[a-z][a-z0-9+.-]*:/i.test(link)) return null;
  const [path = "", anchor] = decodeURIComponent(link).split("#");
  const target = path ? normalize(join(dirname(document), path)) : document;
  const file = join(projectRoot, target);
  if (!existsSync(file)) return "leads nowhere";
  if (!anchor || !target.endsWith(".md") || statSync(file).isDirectory()) return null;
  return anchorsOf(readFileSync(file, "utf8")).has(anchor) ? null : "names no heading there";
}
