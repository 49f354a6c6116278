import type { SchemaObject } from "../../snapshot/schema-object.ts";
import { type Catalogue, grantLines, partsOf, shortName, told } from "../catalogue.ts";
import { shortExpression, shortSignature } from "../expressions.ts";
import { code, table as markdownTable } from "../markdown.ts";
import { relationshipsOf } from "./relationships.ts";

/** Everything about one table, under its own heading. */
export function tableSection(catalogue: Catalogue, table: SchemaObject): string {
  const columns = partsOf(catalogue, table, "column").map((column) => {
    const value = column.definition.includes("\nidentity: ") ? "identity" : told(column, "default");
    return [
      code(column.name.slice(table.name.length + 1).replaceAll('"', "")),
      shortSignature(told(column, "type") ?? ""),
      column.definition.includes("\nnot null") ? "no" : "yes",
      value === null ? "" : code(shortExpression(value)),
      told(column, "comment") ?? "",
    ];
  });
  const lines = [
    ...partsOf(catalogue, table, "constraint")
      .map((one) => `rule: ${ruleText(one)}`)
      .sort(),
    ...policyLines(catalogue, table).map((line) => `policy: ${line}`),
    `grants: ${grantLines(catalogue, table).join("; ") || "nobody through the Data API"}`,
    ...relationshipsOf(catalogue, table.name),
  ];
  return [
    `### ${shortName(table)}`,
    told(table, "comment") ?? "",
    markdownTable(["column", "type", "null", "default", "meaning"], columns),
    lines.map((line) => `- ${line}`).join("\n"),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

export function policyLines(catalogue: Catalogue, table: SchemaObject): string[] {
  if (table.definition.includes("row level security: disabled")) {
    return ["row level security is off"];
  }
  const lines = partsOf(catalogue, table, "policy").map((policy) => {
    const [kind, command, roles, ...conditions] = policy.definition.split("\n");
    const rules = conditions.filter((line) => !line.startsWith("comment: "));
    const isStrict = kind === "restrictive" ? "restrictive, " : "";
    return `${shortName(policy)}: ${isStrict}${command} ${roles} ${code(shortExpression(rules.join(" ")))}`;
  });
  return lines.length > 0
    ? lines.sort()
    : ["none: only roles that bypass row level security see rows"];
}

/** A check by the sentence that is its name, any other in PostgreSQL's words. */
function ruleText({ name, definition }: SchemaObject): string {
  const [rule = ""] = definition.split("\n");
  if (!rule.startsWith("CHECK ")) return code(shortSignature(rule));
  return `${name.replace(/ on .*$/, "").replaceAll("_", " ")}: ${code(shortExpression(rule.slice("CHECK ".length)))}`;
}
