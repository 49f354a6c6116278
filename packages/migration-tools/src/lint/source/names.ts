/** Names as the catalogue keeps them: `schema.name`, functions with their types in brackets. */
import type {
  FunctionParameter,
  Node,
  ObjectWithArgs,
  RangeVar,
  TypeName,
} from "@libpg-query/parser";
import { pick, pickAll, words } from "./ast.ts";

/** A name without a schema lands in `public`, while the rule about schemas asks for one. */
export function qualified(parts: string[]): string {
  return parts.length === 1 ? `public.${parts[0]}` : parts.join(".");
}

export function relationName(relation: RangeVar | undefined): string {
  return `${relation?.schemaname ?? "public"}.${relation?.relname ?? ""}`;
}

/** `text`, `int8[]`, `pipeline.stages`: Postgres' own types without their schema. */
export function typeName(type: TypeName | undefined): string {
  const parts = words(type?.names).filter((part) => part !== "pg_catalog");
  return parts.join(".") + "[]".repeat(type?.arrayBounds?.length ?? 0);
}

/** The types by which a function is told from others of its name. */
export function inputTypes(parameters: Node[] | undefined): string[] {
  return pickAll(parameters, "FunctionParameter")
    .filter(isInput)
    .map(({ argType }) => typeName(argType));
}

function isInput({ mode }: FunctionParameter): boolean {
  return mode !== "FUNC_PARAM_OUT" && mode !== "FUNC_PARAM_TABLE";
}

/** `schema.name(type, type)` of a function named in a drop, grant or comment. */
export function functionName(named: ObjectWithArgs): string {
  const name = qualified(words(named.objname));
  if (named.args_unspecified) return name;
  const types = named.objargs ?? [];
  return `${name}(${types.map((type) => typeName(pick(type, "TypeName"))).join(", ")})`;
}

export function schemaOf(name: string): string {
  return name.split(".")[0] ?? name;
}
