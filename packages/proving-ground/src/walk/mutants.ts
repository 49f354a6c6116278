/** Bugs to plant, each a replacement in one function's text, out of `mutants.diff`. */
import { readFileSync } from "node:fs";
import type { Session } from "./session.ts";

export interface Mutant {
  /** What the mutated function does wrong. */
  fault: string;
  /** By a name that only one function has. */
  function: string;
  from: string;
  to: string;
  /** The exhaustive walk that should notice. */
  scope: string;
}

export const mutants: readonly Mutant[] = readMutants();

function readMutants(): Mutant[] {
  const text = readFileSync(new URL("mutants.diff", import.meta.url), "utf8");
  const [, ...groups] = text.trimEnd().split("\n\n@@ ");
  return groups.flatMap((group) => {
    const [scope = "", ...blocks] = group.split("\n\n");
    return blocks.map((block): Mutant => {
      const [title = "", ...lines] = block.split("\n");
      const side = (sign: string) =>
        lines.flatMap((line) => (line.startsWith(sign) ? line.slice(1) : [])).join("\n");
      const [fault = "", name = ""] = title.split(/: (?=[\w.]+$)/);
      return { fault, function: name, from: side("-"), to: side("+"), scope };
    });
  });
}

/**
 * Until the session starts again. They stay in step with the SQL: a replacement that no longer fits
 * fails its test.
 * @throws where the text to replace does not stand in the function
 */
export async function plant(session: Session, { function: name, from, to }: Mutant): Promise<void> {
  await session.run(`do $plant$
    declare
      v_function text := pg_get_functiondef('${name}'::regproc);
    begin
      if strpos(v_function, $text$${from}$text$) = 0 then
        raise exception 'that text no longer stands in ${name}';
      end if;
      execute replace(v_function, $text$${from}$text$, $text$${to}$text$);
    end $plant$`);
}
