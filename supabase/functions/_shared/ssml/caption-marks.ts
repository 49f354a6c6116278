import { segmenter } from "./spoken.ts";
import type { SsmlElement, SsmlNode } from "./tree.ts";

export interface Marked {
  /** The same speech with a mark before each caption: `<mark name="c0"/>`. */
  speak: SsmlElement;
  /** What is read while it is spoken, in order. */
  captions: string[];
}

/** Characters of a caption: a line that one reads at a glance. */
const longestCaption = 42;

/**
 * Cuts checked markup into captions: a few words each, never across sentences or pauses. What is
 * read otherwise (`sub`, `say-as`) stays together and shows as it is written.
 */
export function markCaptions(speak: SsmlElement, language: string): Marked {
  const words = segmenter(language, "word");
  const captions: string[] = [];
  let isOpen = false;

  /** A word, with the marks and spaces behind it; a mark stands before it where a caption begins. */
  const place = (text: string, node: SsmlNode): SsmlNode[] => {
    const caption = captions.at(-1);
    if (isOpen && caption !== undefined && (caption + text.trimEnd()).length <= longestCaption) {
      captions[captions.length - 1] = caption + text;
      return [node];
    }
    if (text.trim() === "") return [node];
    const name = `c${captions.length}`;
    captions.push(text);
    isOpen = true;
    return [{ name: "mark", attributes: { name }, children: [] }, node];
  };
  const ofText = (text: string): SsmlNode[] => {
    const tokens: string[] = [];
    for (const { segment, isWordLike } of words.segment(text)) {
      if (isWordLike || tokens.length === 0) tokens.push(segment);
      else tokens[tokens.length - 1] += segment;
    }
    return tokens.flatMap((token) => place(token, token));
  };
  const ofNode = (node: SsmlNode): SsmlNode[] => {
    if (typeof node === "string") return ofText(node);
    if (node.name === "sub" || node.name === "say-as") {
      return place(node.children.map(String).join(""), node);
    }
    const isBorder = node.name === "p" || node.name === "s" || node.name === "break";
    if (isBorder) isOpen = false;
    const copy = { ...node, children: node.children.flatMap(ofNode) };
    if (isBorder) isOpen = false;
    return [copy];
  };

  const marked = { ...speak, children: speak.children.flatMap(ofNode) };
  return {
    speak: marked,
    captions: captions.map((caption) => caption.replace(/\s+/g, " ").trim()),
  };
}
