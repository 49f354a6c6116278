/** Types and signatures as people write them. */
export function shortSignature(text: string): string {
  return text
    .replaceAll(/NULL::[\w. ]+(?:\[\])?/g, "null")
    .replaceAll(/'::text\b(?!\[)/g, "'")
    .replaceAll("timestamp with time zone", "timestamptz")
    .replaceAll("double precision", "float8")
    .replaceAll(/\binteger\b/g, "int")
    .replaceAll(/(?<=^|[ (])public\./g, "")
    .replaceAll(" DEFAULT ", " default ");
}

/** An expression of the catalogue without the casts and parentheses that Postgres adds. */
export function shortExpression(text: string): string {
  return withoutOuterParentheses(
    text
      .replaceAll(/'::(?:text|character varying)\b(?!\[)/g, "'")
      .replaceAll(/\b([\d.]+)::numeric\b/g, "$1")
      .replaceAll(/'::timestamp with time zone\b/g, "'")
      .replaceAll(/'(-?[\d.]+)'::integer(?:::numeric)?/g, "$1")
      .replaceAll(/ = ANY \(ARRAY\[([^\]]*)\]\)/g, " in ($1)")
      .replaceAll(/\( ?SELECT auth\.uid\(\) AS uid\)/g, "(select auth.uid())")
      .replaceAll(/(?<=[ (])public\./g, "")
      .replaceAll(
        /\b(AND|OR|NOT|IS|NULL|SELECT|FROM|WHERE|EXISTS|TRUE|FALSE|AS|BETWEEN|DISTINCT)\b/g,
        (word) => word.toLowerCase(),
      )
      .replaceAll(/\s+/g, " ")
      .replaceAll("( select", "(select")
      .trim(),
  );
}

function withoutOuterParentheses(text: string): string {
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  for (const [index, character] of [...text].entries()) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (depth === 0 && index < text.length - 1) return text;
  }
  return withoutOuterParentheses(text.slice(1, -1));
}
