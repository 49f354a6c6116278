/** One `ok` or `not ok` of a TAP stream. */
export interface Assertion {
  number: number;
  passed: boolean;
  description: string;
  /** What pgTAP said about it, a line each, without the leading `# `. */
  diagnostics: string[];
}

export interface TapResult {
  /** How many assertions the file announced; null where it announced none. */
  planned: number | null;
  assertions: Assertion[];
  /** Diagnostics before the first assertion. */
  preamble: string[];
}

/**
 * Reads the lines that pgTAP's functions return. `skip` and `todo` are directives of passing
 * lines, as in every TAP reader.
 */
export function parseTap(lines: Iterable<string>): TapResult {
  const result: TapResult = { planned: null, assertions: [], preamble: [] };
  for (const line of lines) {
    const plan = /^1\.\.(\d+)/.exec(line);
    if (plan) {
      result.planned = Number(plan[1]);
      continue;
    }
    const assertion = /^(not )?ok (\d+)(?: - )?\s*(.*)$/.exec(line);
    if (assertion) {
      const description = assertion[3] ?? "";
      result.assertions.push({
        number: Number(assertion[2]),
        passed: !assertion[1] || /# (skip|todo)\b/i.test(description),
        description: description || `assertion ${assertion[2]}`,
        diagnostics: [],
      });
      continue;
    }
    const text = line.replace(/^#\s?/, "");
    if (text.trim()) (result.assertions.at(-1)?.diagnostics ?? result.preamble).push(text);
  }
  return result;
}

/** Why a file does not count as having run, or null where its plan was kept. */
export function planFault({ planned, assertions }: TapResult): string | null {
  if (assertions.length === 0) return "ran no assertion";
  if (planned === null) return "announced no plan: select plan(n) or no_plan() with finish()";
  if (planned !== assertions.length) {
    return `planned ${planned} assertions but ran ${assertions.length}`;
  }
  return null;
}
