/**
 * Checked speech markup: only elements and attributes of the allow-list are ever in such a tree, and
 * the marks that captions are timed by.
 */
export interface SsmlElement {
  name: string;
  attributes: Record<string, string>;
  children: SsmlNode[];
}
export type SsmlNode = SsmlElement | string;

/** The markup is not what may be spoken; the message says where it fails, for the repair call. */
export class SsmlError extends Error {
  override name = "SsmlError";
}

/** Writes the tree as XML. What a parser read and dropped cannot come back. */
export function serialise(node: SsmlNode): string {
  if (typeof node === "string") return escapeText(node);
  const start = startTag(node);
  if (node.name === "break" || node.name === "mark") return `${start.slice(0, -1)}/>`;
  return `${start}${node.children.map(serialise).join("")}</${node.name}>`;
}

/** Length in UTF-8, as providers count it. */
export function byteLength(text: string): number {
  return encoder.encode(text).length;
}

const encoder = new TextEncoder();

function startTag(element: SsmlElement): string {
  const attributes = Object.entries(element.attributes).map(
    ([name, value]) => ` ${name}="${escapeText(value).replaceAll('"', "&quot;")}"`,
  );
  return `<${element.name}${attributes.join("")}>`;
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
