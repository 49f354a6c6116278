import { type NodeOf, pick, pickAll, words } from "./ast.ts";
import type { Statement } from "./source-file.ts";

export interface FunctionParts {
  name: string;
  /** What stands between the arguments and the body; null where it is left to the default. */
  volatility: string | null;
  security: "definer" | "invoker" | null;
  /** The value of `set search_path`; null without one. */
  searchPath: string | null;
  language: string;
  /** `return …` or `begin atomic`: its names were bound when it was made. */
  isBound: boolean;
}

/** The header of a `create function`; null for any other statement. */
export function functionParts({ node }: Statement): FunctionParts | null {
  const made = pick(node, "CreateFunctionStmt");
  if (!made) return null;
  const options = pickAll(made.options, "DefElem");
  const option = (name: string) => options.find(({ defname }) => defname === name)?.arg;
  const definer = pick(option("security"), "Boolean");
  return {
    name: words(made.funcname).join("."),
    volatility: pick(option("volatility"), "String")?.sval ?? null,
    security: definer ? (definer.boolval ? "definer" : "invoker") : null,
    searchPath: searchPathOf(options),
    language: pick(option("language"), "String")?.sval ?? "sql",
    isBound: made.sql_body !== undefined,
  };
}

/** What an `alter function` changes of these; null for any other statement. */
export function alteredFunction({
  node,
}: Statement): { name: string; isDefiner: boolean; movesSearchPath: boolean } | null {
  const altered = pick(node, "AlterFunctionStmt");
  if (!altered) return null;
  const options = pickAll(altered.actions, "DefElem");
  const isSet = options.some(({ arg }) => {
    const set = pick(arg, "VariableSetStmt");
    return set?.name === "search_path" || set?.kind === "VAR_RESET_ALL";
  });
  return {
    name: words(altered.func?.objname).join("."),
    isDefiner: options.some(
      ({ defname, arg }) => defname === "security" && pick(arg, "Boolean")?.boolval === true,
    ),
    movesSearchPath: isSet && searchPathOf(options) !== "",
  };
}

function searchPathOf(options: NodeOf<"DefElem">[]): string | null {
  for (const { defname, arg } of options) {
    const set = defname === "set" ? pick(arg, "VariableSetStmt") : undefined;
    if (set?.name !== "search_path" || set.kind !== "VAR_SET_VALUE") continue;
    return pickAll(set.args, "A_Const")
      .map(({ sval }) => sval?.sval ?? "")
      .join(", ");
  }
  return null;
}
