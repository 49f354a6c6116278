import {
  columnOf,
  list,
  name,
  type Part,
  part,
  type QualifiedName,
  qualified,
  raw,
} from "../sql/statement.ts";
import type { Catalog, Routine } from "./catalog.ts";
import { arrayText } from "./conditions.ts";
import { Refusal, similar } from "./errors.ts";

/** What a function is called with: an object, a whole body, or the parameters of an address. */
export type Arguments =
  | { kind: "object"; body: string; names: string[]; contentType: string }
  | { kind: "text"; body: string; names: string[]; contentType: string }
  | { kind: "address"; pairs: [string, string][]; names: string[]; contentType: string };

const unnamedTypes: Record<string, RegExp> = {
  "application/json": /^jsonb?$/,
  "text/plain": /^text$/,
  "text/xml": /^xml$/,
  "application/octet-stream": /^bytea$/,
};

/** @throws Refusal PGRST202 where no function fits, PGRST203 where several do */
export function findRoutine(catalog: Catalog, called: QualifiedName, given: Arguments): Routine {
  const callable = catalog.routines.filter(isCallable);
  const sameName = callable.filter(
    ({ schema, name }) => schema === called.schema && name === called.name,
  );
  const names = new Set(given.names);
  const fitting = sameName.filter((routine) => fits(routine, names, given));
  const chosen = fitting.length > 0 ? fitting : sameName.filter((one) => takesBody(one, given));
  const [only, ...more] = chosen;
  if (only === undefined) throw unknownRoutine(callable, called, given, sameName);
  if (more.length === 0) return only;
  const signatures = chosen.map(({ schema, name, parameters }) => {
    const written = parameters.map((one) => `${one.name} => ${one.type}`);
    return `${schema}.${name}(${written.join(", ")})`;
  });
  throw new Refusal(300, {
    code: "PGRST203",
    message: `Could not choose the best candidate function between: ${signatures.join(", ")}`,
    hint: "Try renaming the parameters or the function itself in the database so function overloading can be resolved",
  });
}

/** An argument without a name can be given only where it is the one of a whole body. */
function isCallable({ parameters }: Routine): boolean {
  const [only, ...more] = parameters;
  const isBody = more.length === 0 && only !== undefined && bodyType.test(only.type);
  return isBody || parameters.every((one) => one.name !== "");
}

const bodyType = /^(jsonb?|text|xml|bytea)$/;

function fits({ parameters }: Routine, names: ReadonlySet<string>, given: Arguments): boolean {
  if (parameters.length === 0 && given.kind === "text") return false;
  const known = new Set(parameters.map((one) => one.name));
  return (
    [...names].every((one) => known.has(one)) &&
    parameters.every((one) => !one.isRequired || names.has(one.name))
  );
}

/** Whether its one argument, without a name, is the body itself. */
function takesBody({ parameters }: Routine, { kind, contentType }: Arguments): boolean {
  const [only, ...more] = parameters;
  if (only === undefined || more.length > 0 || only.name !== "" || kind === "address") return false;
  return unnamedTypes[contentType]?.test(only.type) ?? false;
}

/** The call, returning `columns` of its rows, or `pgrst_scalar`. */
export function callSql(routine: Routine, given: Arguments, columns: string[] | null): Part {
  const { parameters } = routine;
  const called = qualified(routine);
  let source: Part | null = null;
  let args: Part;
  if (given.kind === "address") {
    args = list(
      parameters.flatMap(({ name: own, type, isVariadic }) => {
        const values = given.pairs.filter(([key]) => key === own).map(([, value]) => value);
        if (values.length === 0) return [];
        const value = isVariadic ? arrayText(values) : values.at(-1);
        return [part`${raw(isVariadic ? "variadic " : "")}${name(own)} := ${value}::${raw(type)}`];
      }),
    );
  } else if (parameters.length === 1 && parameters[0]?.name === "") {
    args = part`${given.body}::${raw(parameters[0]?.type ?? "text")}`;
  } else {
    const used = parameters.filter((one) => given.names.includes(one.name));
    args = list(
      used.map(({ name: own, isVariadic }) => {
        const value = columnOf("pgrst_args", own);
        return part`${raw(isVariadic ? "variadic " : "")}${name(own)} := ${value}`;
      }),
    );
    const types = used.map((one) => part`${name(one.name)} ${raw(one.type)}`);
    if (used.length > 0) {
      source = part`json_to_record(${given.body}::json) as pgrst_args(${list(types)})`;
    }
  }
  const from = source === null ? raw("") : part` from ${source}`;
  if (!routine.isComposite) return part`select ${called}(${args}) as pgrst_scalar${from}`;
  const call = part`${source === null ? raw("") : part`${source}, lateral `}${called}(${args}) as pgrst_call`;
  const shown = columns?.map((column) => columnOf("pgrst_call", column)) ?? [raw("pgrst_call.*")];
  return part`select ${shown.length === 0 ? raw("1") : list(shown)} from ${call}`;
}

function unknownRoutine(
  callable: Routine[],
  called: QualifiedName,
  { names, kind, contentType }: Arguments,
  sameName: Routine[],
): Refusal {
  const full = `${called.schema}.${called.name}`;
  const sorted = [...names].sort();
  const without = sorted.length === 0 ? " without parameters" : "";
  const body = kind === "address" ? null : bodyKinds[contentType];
  const searched =
    kind === "text"
      ? ` with a single unnamed ${body ?? "text"} parameter`
      : `${sorted.length === 0 ? without : ` with parameter${sorted.length > 1 ? "s" : ""} ${sorted.join(", ")}`}${
          body == null ? "" : ` or with a single unnamed ${body} parameter`
        }`;
  const others = callable.filter(({ schema }) => schema === called.schema);
  const close = similar(
    called.name,
    others.map(({ name }) => name).filter((one) => one !== called.name),
  );
  const overload = sameName
    .map(({ parameters }) => `(${parameters.map((one) => one.name).join(", ")})`)
    .find((one) => one !== "()" && one !== "(, )");
  const shownArguments =
    kind === "text" ? "" : sorted.length === 0 ? without : `(${sorted.join(", ")})`;
  const hint =
    sameName.length > 0
      ? overload !== undefined && similar(`(${sorted.join(", ")})`, [overload]) !== null
        ? `Perhaps you meant to call the function ${full}${overload}`
        : null
      : close === null
        ? null
        : `Perhaps you meant to call the function ${called.schema}.${close}`;
  return new Refusal(404, {
    code: "PGRST202",
    message: `Could not find the function ${full}${shownArguments} in the schema cache`,
    details: `Searched for the function ${full}${searched}, but no matches were found in the schema cache.`,
    hint,
  });
}

const bodyKinds: Record<string, string> = {
  "application/json": "json/jsonb",
  "text/plain": "text",
  "text/xml": "xml",
  "application/octet-stream": "bytea",
};
