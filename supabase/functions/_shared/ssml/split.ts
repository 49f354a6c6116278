import { spokenSeconds } from "./duration.ts";
import { spokenText } from "./spoken.ts";
import { byteLength, type SsmlElement, SsmlError, type SsmlNode, serialise } from "./tree.ts";
import { saysSomething } from "./words.ts";

/** A piece that stays together, with the elements it stands in, outermost first. */
interface Unit {
  path: SsmlElement[];
  node: SsmlNode;
}

export interface SegmentLimits {
  /** UTF-8 bytes of a segment as it is written. */
  maxBytes: number;
  /** Seconds that a segment may take to say. */
  maxSeconds: number;
  /** The voice's speed; 1 is normal. */
  speakingRate: number;
}

/**
 * Cuts markup into `<speak>` documents that keep to the limits, every one complete: what was open at
 * a cut is closed and opened again. Cuts are made after `</s>` and `</p>`; a
 * single sentence that is too long is cut between its own elements, then between words.
 * Throws SsmlError when a piece cannot be cut any further.
 */
export function splitSsml(speak: SsmlElement, limits: SegmentLimits): string[] {
  const fits = (some: Unit[]): boolean => {
    const document = join(some);
    return (
      byteLength(serialise(document)) <= limits.maxBytes &&
      spokenSeconds(document, limits.speakingRate) <= limits.maxSeconds
    );
  };
  const units = unitsOf([speak], speak);
  const segments: string[] = [];
  let current: Unit[] = [];
  const finish = (): void => {
    // Spoken alone, a pause or a line break is a silent file.
    if (current.some(isHeard)) segments.push(serialise(join(current)));
    current = [];
  };
  const queue = units.reverse();
  for (let unit = queue.pop(); unit; unit = queue.pop()) {
    const joined = [...current, unit];
    if (fits(joined)) {
      current = joined;
    } else if (current.length > 0 && isSentence(unit)) {
      finish();
      queue.push(unit);
    } else if (current.length > 0 && fits([unit])) {
      finish();
      current = [unit];
    } else {
      queue.push(...subdivide(unit).reverse());
    }
  }
  finish();
  if (segments.length === 0) throw new SsmlError("there is nothing to say");
  return segments;
}

function isHeard(unit: Unit): boolean {
  return saysSomething(spokenText(unit.node));
}

const sentences = new Set(["p", "s"]);

function isSentence(unit: Unit): boolean {
  return typeof unit.node !== "string" && sentences.has(unit.node.name);
}

/** The largest pieces that hold no sentence boundary of their own. */
function unitsOf(path: SsmlElement[], element: SsmlElement): Unit[] {
  return element.children.flatMap((child): Unit[] =>
    typeof child !== "string" && holdsSentences(child)
      ? unitsOf([...path, child], child)
      : [{ path, node: child }],
  );
}

function holdsSentences(element: SsmlElement): boolean {
  return element.children.some(
    (child) => typeof child !== "string" && (sentences.has(child.name) || holdsSentences(child)),
  );
}

/** Whatever is read as one thing cannot be cut: a `sub`, a `say-as`, a single word. */
function subdivide(unit: Unit): Unit[] {
  const { node, path } = unit;
  if (typeof node === "string") {
    const words = node.match(/\s*\S+\s*/gu) ?? [];
    if (words.length < 2) throw new SsmlError("a word is too long for one segment");
    const middle = Math.ceil(words.length / 2);
    return [words.slice(0, middle), words.slice(middle)].map((half) => ({
      path,
      node: half.join(""),
    }));
  }
  if (node.children.length === 0 || node.name === "sub" || node.name === "say-as") {
    throw new SsmlError(`a <${node.name}> is too long for one segment`);
  }
  return node.children.map((child) => ({ path: [...path, node], node: child }));
}

/** Builds one document of units that follow each other; shared ancestors are opened once. */
function join(units: Unit[]): SsmlElement {
  const root: SsmlElement = { name: "speak", attributes: {}, children: [] };
  let originals: SsmlElement[] = [];
  let copies: SsmlElement[] = [root];
  for (const { path, node } of units) {
    let shared = 1;
    while (shared < originals.length && originals[shared] === path[shared]) shared++;
    copies = copies.slice(0, shared);
    for (const ancestor of path.slice(shared)) {
      const copy: SsmlElement = { ...ancestor, children: [] };
      copies.at(-1)?.children.push(copy);
      copies.push(copy);
    }
    copies.at(-1)?.children.push(node);
    originals = path;
  }
  return root;
}
