import type { Catalogue, DatabaseFunction } from "../catalogue.ts";
import { shortSignature } from "../expressions.ts";
import { code } from "../markdown.ts";
import type { FunctionGroup, PageOptions } from "../page-options.ts";

const triggers: FunctionGroup = {
  heading: "Triggers",
  about: "Called by the triggers named at the tables; nobody else can call them.",
  has: ({ returns }) => returns === "trigger",
};

const users: FunctionGroup = {
  heading: "For users",
  about: "What a signed-in user may call: `client.rpc(…)`.",
  has: ({ schema, executors }) => schema === "public" || executors.includes("anon"),
};

/** All functions, the callable ones first. */
export function functionSections(
  { functions }: Catalogue,
  { functionGroups, otherFunctions }: Pick<PageOptions, "functionGroups" | "otherFunctions">,
): string[] {
  const others: FunctionGroup = { ...otherFunctions, has: () => true };
  // Each function is in the first group that has it; triggers are told apart first and shown last.
  const groups = [triggers, users, ...functionGroups, others];
  const rest = new Set(functions);
  const sections = groups.map(({ heading, about, has }) => {
    const own = [...rest].filter(has);
    for (const one of own) rest.delete(one);
    return own.length === 0 ? "" : [`### ${heading}`, about, functionList(own)].join("\n\n");
  });
  const [ofTriggers = "", ...shown] = sections;
  return [...shown, ofTriggers].filter((section) => section !== "");
}

function functionList(functions: DatabaseFunction[]): string {
  return functions.map((one) => `- ${lineOf(one)}`).join("\n");
}

/** The signature, what differs from the usual, and the comment. */
function lineOf(one: DatabaseFunction): string {
  const parts = shortSignature(one.arguments).split(", ");
  const given = parts.filter((part) => !part.startsWith("OUT "));
  const answered = parts.flatMap((part) => (part.startsWith("OUT ") ? [part.slice(4)] : []));
  const signature = code(`${one.schema}.${one.name}(${given.join(", ")})`);
  const returns = answered.length > 0 ? `a row of ${code(answered.join(", "))}` : returned(one);
  const notes = [
    ...(one.isDefiner ? ["runs with the rights of its owner"] : []),
    ...(one.executors.join() === "service_role" || one.returns === "trigger"
      ? []
      : [`called by ${one.executors.length > 0 ? one.executors.join(", ") : "postgres only"}`]),
  ];
  return [
    `${signature}${returns === "" ? "" : ` → ${returns}`}${notes.length > 0 ? `; ${notes.join("; ")}` : ""}.`,
    ...(one.comment === null ? [] : [one.comment]),
  ].join(" ");
}

function returned({ returns }: DatabaseFunction): string {
  if (returns === "trigger" || returns === "void") return "";
  const columns = /^TABLE\((.*)\)$/.exec(returns)?.[1];
  return columns === undefined
    ? code(shortSignature(returns))
    : `rows of ${code(shortSignature(columns))}`;
}
