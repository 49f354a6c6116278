/**
 * Text that both XML and Postgres can hold: neither takes NUL or half of a surrogate pair, not even
 * escaped, and XML no other control characters. What they refuse becomes a space or U+FFFD.
 */
export function legalText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, " ");
}
