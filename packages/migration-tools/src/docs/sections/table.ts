import {
  type Catalogue,
  type Constraint,
  fullName,
  type Grant,
  ofTable,
  type Policy,
  type Table,
} from "../catalogue.ts";
import { sentence, shortExpression, shortType } from "../expressions.ts";
import { code, table as markdownTable } from "../markdown.ts";
import { relationshipsOf } from "./relationships.ts";

/** Everything about one table, under its own heading. */
export function tableSection(catalogue: Catalogue, table: Table): string {
  const indexes = ofTable(catalogue.indexes, table);
  const triggers = ofTable(catalogue.triggers, table);
  return [
    `### ${fullName(table)}`,
    table.comment ?? "",
    markdownTable(
      ["column", "type", "null", "default", "meaning"],
      table.columns.map((column) => [
        code(column.name),
        shortType(column.type),
        column.isNullable ? "yes" : "no",
        column.default === null ? "" : code(shortExpression(column.default)),
        column.comment ?? "",
      ]),
    ),
    [
      ...ofTable(catalogue.constraints, table).map((one) => `rule: ${constraintLine(one)}`),
      ...indexes.map(
        ({ name, isUnique, definition }) =>
          `index ${code(name)}: ${isUnique ? "unique, " : ""}${code(shortExpression(definition))}`,
      ),
      ...policyLines(ofTable(catalogue.policies, table), table.hasRowSecurity).map(
        (line) => `policy: ${line}`,
      ),
      `grants: ${grantLines(ofTable(catalogue.grants, table)).join("; ")}`,
      ...triggers.map(
        ({ name, definition }) => `trigger ${code(name)}: ${triggerText(definition)}`,
      ),
      ...relationshipsOf(catalogue, table),
    ]
      .map((line) => `- ${line}`)
      .join("\n"),
  ].join("\n\n");
}

export function policyLines(policies: Policy[], hasRowSecurity: boolean): string[] {
  if (!hasRowSecurity) return ["row level security is off"];
  if (policies.length === 0) return ["none: only roles that bypass row level security see rows"];
  return policies.map(({ name, command, roles, using, withCheck }) => {
    const condition = using ?? withCheck ?? "true";
    const check = withCheck !== null && using !== null && withCheck !== using ? withCheck : null;
    const rule = `${code(shortExpression(condition))}${check === null ? "" : `, new rows ${code(shortExpression(check))}`}`;
    return `${name}: ${command} to ${roles.join(", ")} where ${rule}`;
  });
}

/** A line per role: its privileges on all columns, then those on some. */
export function grantLines(grants: Grant[]): string[] {
  const roles = [...new Set(grants.map(({ role }) => role))];
  const lines = roles.map((role) => {
    const own = grants.filter((grant) => grant.role === role);
    const whole = inUsualOrder(
      own.filter(({ columns }) => columns === null).map(({ privilege }) => privilege),
    );
    const some = own.flatMap(({ privilege, columns }) =>
      columns === null ? [] : [`${privilege} of ${columns.map(code).join(", ")}`],
    );
    return `${role}: ${[...(whole.length > 0 ? [whole.join(", ")] : []), ...some].join("; ")}`;
  });
  return lines.length > 0 ? lines : ["nobody through the Data API"];
}

/** Reading first. */
export function inUsualOrder(privileges: string[]): string[] {
  const order = ["select", "insert", "update", "delete"];
  const place = (privilege: string) =>
    (order.indexOf(privilege) + order.length + 1) % (order.length + 1);
  return [...new Set(privileges)].sort((one, other) => place(one) - place(other));
}

/** Types that are another type with rules; columns name them. */
export function domainSection({ domains }: Catalogue): string {
  if (domains.length === 0) return "";
  const rows = domains.map(({ type, rules, comment, ...domain }) => [
    code(fullName(domain)),
    shortType(type),
    (rules ?? []).map((rule) => checkText(rule.name, rule.definition)).join("; "),
    comment ?? "",
  ]);
  return `## Domains\n\n${markdownTable(["type", "is", "rules", "meaning"], rows)}`;
}

function checkText(name: string, definition: string): string {
  return `${sentence(name)}: ${code(shortExpression(definition.replace(/^CHECK /, "")))}`;
}

function constraintLine({ name, kind, definition, columns }: Constraint): string {
  const rule = definition.replace(/^FOREIGN KEY /, "");
  switch (kind) {
    case "p":
      return `primary key ${code((columns ?? []).join(", "))}`;
    case "u":
      return `unique ${code((columns ?? []).join(", "))}`;
    case "f":
      return `${code((columns ?? []).join(", "))} refers to ${code(
        rule.replace(/^\([^)]*\) REFERENCES /, "").replace(/ ON DELETE .*/, ""),
      )}${endOf(rule)}`;
    default:
      return checkText(name, definition);
  }
}

/** What becomes of a row when the one that it refers to is deleted; otherwise that one stays. */
function endOf(foreignKey: string): string {
  if (foreignKey.includes("ON DELETE CASCADE")) return " and is deleted with it";
  const emptied = / ON DELETE SET (NULL|DEFAULT)( \(.*?\))?/.exec(foreignKey);
  return emptied === null ? "" : `, set ${emptied[1]?.toLowerCase()}${emptied[2] ?? ""} without it`;
}

/** When it fires and what it calls; its condition, if any, stands in the migration. */
function triggerText(definition: string): string {
  const [when = "", call = ""] = definition.split(" EXECUTE FUNCTION ");
  const [events = "", condition] = when.split(" WHEN ");
  const readable = events
    .replace(/ REFERENCING .*(?= FOR EACH)/, "")
    .replaceAll(/\b[A-Z]+\b/g, (word) => word.toLowerCase());
  return `${readable}${condition === undefined ? "" : ", on a condition,"} calls ${code(call)}`;
}
