import { limits } from "@sideline/contracts";
import { SaxesParser } from "saxes";
import { allowList } from "./allow-list.ts";
import { byteLength, type SsmlElement, SsmlError } from "./tree.ts";

/**
 * Reads speech markup that came from a model. Throws SsmlError unless it is one well-formed
 * `<speak>` of allowed elements, attributes and values. Size and depth are checked before and while
 * parsing: the parser's cost grows with both.
 */
export function parseSsml(markup: string): SsmlElement {
  if (byteLength(markup) > limits.ssmlBytes) {
    throw new SsmlError(`the markup is longer than ${limits.ssmlBytes} bytes`);
  }
  const parser = new SaxesParser({ xmlns: false, position: true });
  const open: SsmlElement[] = [];
  let root: SsmlElement | undefined;

  // saxes goes on after an error unless its handler throws.
  const refuse = (what: string): never => {
    throw new SsmlError(`${what} (line ${parser.line}, column ${parser.column})`);
  };
  parser.on("error", (error) => refuse(error.message.replace(/^\d+:\d+: /, "")));
  parser.on("xmldecl", () => refuse("an XML declaration is not allowed"));
  parser.on("doctype", () => refuse("a DOCTYPE is not allowed"));
  parser.on("processinginstruction", () => refuse("a processing instruction is not allowed"));
  parser.on("comment", () => refuse("a comment is not allowed"));
  parser.on("cdata", () => refuse("a CDATA section is not allowed"));

  parser.on("opentag", (tag) => {
    if (open.length === limits.ssmlDepth) refuse(`elements nest deeper than ${limits.ssmlDepth}`);
    const parent = open.at(-1);
    if (!parent && tag.name !== "speak") refuse("the outermost element must be <speak>");
    if (parent && !allowList.get(parent.name)?.children.has(tag.name)) {
      refuse(`<${tag.name}> is not allowed in <${parent.name}>`);
    }
    const element = { name: tag.name, attributes: checked(tag, refuse), children: [] };
    // Each multiplies what is around it, until nobody hears or follows it.
    const twice = Object.keys(element.attributes).find((name) =>
      open.some((around) => around.name === "prosody" && name in around.attributes),
    );
    if (tag.name === "prosody" && twice) refuse(`${twice} of a <prosody> is changed inside of it`);
    if (parent) parent.children.push(element);
    else root = element;
    open.push(element);
  });
  parser.on("closetag", () => {
    const element = open.pop();
    // What holds nothing says nothing, and may pause.
    if (element && element.name !== "break" && isBlank(element)) open.at(-1)?.children.pop();
  });
  parser.on("text", (text) => {
    const parent = open.at(-1);
    if (!parent) return; // White space around <speak>; anything else was an error already.
    if (!allowList.get(parent.name)?.text && text.trim() !== "") {
      refuse(`<${parent.name}> must not hold text`);
    }
    parent.children.push(text);
  });

  parser.write(markup).close();
  if (!root) throw new SsmlError("there is no <speak>");
  return root;
}

function isBlank({ children }: SsmlElement): boolean {
  return children.every((child) => typeof child === "string" && child.trim() === "");
}

function checked(
  tag: { name: string; attributes: Record<string, string> },
  refuse: (what: string) => never,
): Record<string, string> {
  const rule = allowList.get(tag.name);
  if (!rule) return refuse(`<${tag.name}> is not allowed`);
  const kept: [string, string][] = [];
  for (const [name, value] of Object.entries(tag.attributes)) {
    const keep = own(rule.attributes, name);
    const accept = keep ?? own(rule.dropped ?? {}, name);
    if (!accept) return refuse(`attribute ${name} is not allowed on <${tag.name}>`);
    if (!accept(value)) refuse(`attribute ${name} of <${tag.name}> has a value not allowed`);
    if (keep) kept.push([name, value]);
  }
  for (const name of rule.required ?? []) {
    if (!kept.some(([key]) => key === name)) refuse(`<${tag.name}> needs attribute ${name}`);
  }
  return Object.fromEntries(kept);
}

/** A plain lookup would find `constructor` and the like. */
function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
