/** From the parser's places, in bytes of UTF-8, to characters of the text. */
export function characterPlaces(text: string): (byte: number) => number {
  if (Buffer.byteLength(text) === text.length) return (byte) => byte;
  const places: number[] = [];
  let characters = 0;
  for (const character of text) {
    for (let byte = Buffer.byteLength(character); byte > 0; byte -= 1) places.push(characters);
    characters += character.length;
  }
  return (byte) => places[byte] ?? text.length;
}

/** Line and column of a character, both from 1. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}
