/** Types as people write them. */
export function shortType(type: string): string {
  return type
    .replace("timestamp with time zone", "timestamptz")
    .replace("timestamp without time zone", "timestamp")
    .replace("double precision", "float8")
    .replace(/^integer(?=$|\[)/, "int");
}

/** Every type within a signature; null and texts without their casts. */
export function shortSignature(text: string): string {
  return text
    .replaceAll(/NULL::[\w ]+(?:\[\])?/g, "null")
    .replaceAll("'::text", "'")
    .replaceAll("timestamp with time zone", "timestamptz")
    .replaceAll("double precision", "float8")
    .replaceAll(/\binteger\b/g, "int")
    .replaceAll(" DEFAULT ", " default ");
}

/** An expression of the catalogue without the casts and parentheses that Postgres adds. */
export function shortExpression(text: string): string {
  return withoutOuterParentheses(
    text
      .replaceAll(/'::(?:text|character varying)\b/g, "'")
      .replaceAll(/\b([\d.]+)::numeric\b/g, "$1")
      .replaceAll(/'::timestamp with time zone\b/g, "'")
      .replaceAll(/'(-?[\d.]+)'::integer(?:::numeric)?/g, "$1")
      .replaceAll(/ = ANY \(ARRAY\[([^\]]*)\]\)/g, " in ($1)")
      .replaceAll(/\( ?SELECT auth\.uid\(\) AS uid\)/g, "(select auth.uid())")
      .replaceAll(
        /\b(AND|OR|NOT|IS|NULL|SELECT|FROM|WHERE|EXISTS|TRUE|FALSE|AS|BETWEEN|DISTINCT)\b/g,
        (word) => word.toLowerCase(),
      )
      .replaceAll(/\s+/g, " ")
      .replaceAll("( select", "(select")
      .trim(),
  );
}

/** A constraint's or index's name as the sentence that it is. */
export function sentence(name: string): string {
  return name.replaceAll("_", " ");
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
