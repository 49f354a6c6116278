import type { SchemaObject } from "../../snapshot/schema-object.ts";
import { type Catalogue, ofKind, partsOf, told } from "../catalogue.ts";
import { shortSignature } from "../expressions.ts";
import { code } from "../markdown.ts";
import type { DatabaseFunction, FunctionGroup, PageOptions } from "../page-options.ts";

const users: FunctionGroup = {
  heading: "For users",
  about: "What a signed-in user may call: `client.rpc(…)`.",
  has: ({ schema, executors }) => schema === "public" || executors.includes("anon"),
};

/** What others may call, each function under the first group that has it. */
export function functionSections(
  catalogue: Catalogue,
  { functionGroups }: Pick<PageOptions, "functionGroups">,
): string[] {
  const all = ofKind(catalogue, "function").map((object) => readFunction(catalogue, object));
  const rest = new Set(all.filter(({ returns }) => returns !== "trigger"));
  return [users, ...functionGroups].flatMap(({ heading, about, has }) => {
    const own = [...rest].filter(has);
    for (const one of own) rest.delete(one);
    if (own.length === 0) return [];
    return [`### ${heading}`, about, own.map((one) => `- ${lineOf(one)}`).join("\n")].join("\n\n");
  });
}

function readFunction(catalogue: Catalogue, object: SchemaObject): DatabaseFunction {
  const [path = ""] = object.name.split("(");
  const [, signature = "", returns = "", head = ""] =
    /^CREATE OR REPLACE FUNCTION (.*)\n RETURNS (.*)\n([\s\S]*?)(?:^AS |^BEGIN ATOMIC|^RETURN )/m.exec(
      object.definition,
    ) ?? [];
  return {
    schema: path.split(".")[0] ?? "",
    name: path.split(".")[1] ?? "",
    signature,
    returns,
    isDefiner: head.includes("SECURITY DEFINER"),
    comment: told(object, "comment") ?? catalogue.comments.get(path) ?? null,
    executors: partsOf(catalogue, object, "grant")
      .map(({ name }) => name.slice(name.lastIndexOf(" to ") + 4))
      .filter((role) => role !== "postgres")
      .sort(),
  };
}

/** The signature, what differs from the usual, and the comment. */
function lineOf({ signature, returns, isDefiner, executors, comment }: DatabaseFunction): string {
  const columns = /^TABLE\((.*)\)$/.exec(returns)?.[1];
  const answer = columns
    ? `rows of ${code(shortSignature(columns))}`
    : code(shortSignature(returns));
  const notes = [
    ...(returns === "void" ? [] : [` → ${answer}`]),
    ...(isDefiner ? ["; runs with the rights of its owner"] : []),
    ...(executors.join() === "service_role"
      ? []
      : [`; called by ${executors.join(", ") || "postgres only"}`]),
  ];
  return `${code(shortSignature(signature))}${notes.join("")}. ${comment ?? ""}`.trimEnd();
}
