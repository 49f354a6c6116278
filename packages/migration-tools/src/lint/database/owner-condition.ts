import { everyObject, isNode, type Node, nodesIn, pick, words } from "../source/ast.ts";
import { parseStatement } from "../source/parse.ts";

/** Whether a condition, as Postgres prints it, holds only for rows with a column that equals `auth.uid()`, or for none. */
export function namesOwner(condition: string): boolean {
  const parsed = parseStatement(`select where ${condition}`);
  return parsed.ok && isOwners(pick(parsed.tree, "SelectStmt")?.whereClause);
}

function isOwners(condition: Node | undefined): boolean {
  const bool = pick(condition, "BoolExpr");
  if (bool?.boolop === "AND_EXPR") return (bool.args ?? []).some(isOwners);
  if (bool?.boolop === "OR_EXPR") return (bool.args ?? []).every(isOwners);
  const constant = pick(condition, "A_Const");
  // The parser leaves out what is false.
  if (constant?.boolval) return constant.boolval.boolval !== true;
  const compared = pick(condition, "A_Expr");
  if (compared) {
    const { kind, name, lexpr, rexpr } = compared;
    const isEqual = kind === "AEXPR_OP" || kind === "AEXPR_OP_ANY" || kind === "AEXPR_IN";
    if (!isEqual || words(name).join("") !== "=") return false;
    return (hasColumn(lexpr) && callsUid(rexpr)) || (callsUid(lexpr) && hasColumn(rexpr));
  }
  const link = pick(condition, "SubLink");
  const select = pick(link?.subselect, "SelectStmt");
  if (!link || !select) return false;
  const isNamedInside = isOwners(select.whereClause) || joins(select.fromClause);
  if (link.subLinkType === "EXISTS_SUBLINK") return isNamedInside;
  if (link.subLinkType !== "ANY_SUBLINK" || words(link.operName).some((name) => name !== "="))
    return false;
  return callsUid(link.testexpr)
    ? hasColumn(select.targetList)
    : hasColumn(link.testexpr) && isNamedInside;
}

/** An inner join's condition counts as the one of its `where`. */
function joins(from: Node[] | undefined): boolean {
  return everyObject(from).some(
    (value) =>
      isNode(value, "JoinExpr") &&
      value.JoinExpr.jointype === "JOIN_INNER" &&
      isOwners(value.JoinExpr.quals),
  );
}

function hasColumn(root: unknown): boolean {
  return !nodesIn(root, "ColumnRef").next().done;
}

function callsUid(root: unknown): boolean {
  return [...nodesIn(root, "FuncCall")].some(
    ({ funcname }) => words(funcname).join(".") === "auth.uid",
  );
}
