import { type Node, pick, pickAll, words } from "../source/ast.ts";
import { inputTypes, qualified, relationName, typeName } from "../source/names.ts";
import type { SourceFile, Statement } from "../source/source-file.ts";
import { Catalogue } from "./catalogue.ts";
import { foldComment, foldDrop, foldGrant } from "./fold-facts.ts";
import { foldRename } from "./fold-rename.ts";
import { foldAlterTable, foldCreateTable, foldIndex } from "./fold-table.ts";

/** Reads files in order and notes what each statement makes and takes away. */
export function foldFiles(files: SourceFile[]): Catalogue {
  const catalogue = new Catalogue(files);
  for (const file of files) {
    for (const statement of file.statements) foldStatement(catalogue, statement);
  }
  return catalogue;
}

function foldStatement(catalogue: Catalogue, statement: Statement): void {
  const { node } = statement;
  foldCreateTable(catalogue, statement);
  foldAlterTable(catalogue, statement);
  foldIndex(catalogue, statement);
  foldComment(catalogue, statement);
  foldDrop(catalogue, statement);
  foldGrant(catalogue, statement);
  foldRename(catalogue, statement);

  const schema = pick(node, "CreateSchemaStmt")?.schemaname;
  if (schema) catalogue.add({ kind: "schema", name: schema, statement });

  const sequence = pick(node, "CreateSeqStmt")?.sequence;
  if (sequence) catalogue.add({ kind: "sequence", name: relationName(sequence), statement });

  const composite = pick(node, "CompositeTypeStmt")?.typevar;
  const type = words(
    pick(node, "CreateEnumStmt")?.typeName ?? pick(node, "CreateDomainStmt")?.domainname,
  );
  if (composite) catalogue.add({ kind: "type", name: relationName(composite), statement });
  if (type.length > 0) catalogue.add({ kind: "type", name: qualified(type), statement });

  const publication = pick(node, "CreatePublicationStmt")?.pubname;
  if (publication) catalogue.add({ kind: "publication", name: publication, statement });

  foldView(catalogue, statement);
  foldFunction(catalogue, statement);
  foldTrigger(catalogue, statement);
  foldPolicy(catalogue, statement);
}

function foldView(catalogue: Catalogue, statement: Statement): void {
  const view = pick(statement.node, "ViewStmt");
  const table = pick(statement.node, "CreateTableAsStmt");
  const select = pick(statement.node, "SelectStmt");
  const relation = view?.view ?? table?.into?.rel ?? select?.intoClause?.rel;
  if (!relation || relation.relpersistence === "t") return;
  const isTable = select !== undefined || table?.objtype === "OBJECT_TABLE";
  const owner = relationName(relation);
  if (view?.replace) {
    catalogue.end(statement, ["view", "column"], (entry) => entry.owner === owner);
  }
  catalogue.add({ kind: isTable ? "table" : "view", name: owner, statement });
  const named = words(view?.aliases ?? table?.into?.colNames);
  const columns =
    named.length > 0 ? named : outputNames(view?.query ?? table?.query ?? statement.node);
  for (const column of columns) {
    catalogue.add({
      kind: "column",
      name: `${owner}.${column}`,
      owner,
      columns: [column],
      statement,
    });
  }
}

/** The columns of a query; `*` for those that only the database knows. */
function outputNames(query: Node | undefined): string[] {
  let select = pick(query, "SelectStmt");
  while (select?.larg) select = select.larg;
  return pickAll(select?.targetList, "ResTarget").map(({ name, val }) => {
    const call = words(pick(val, "FuncCall")?.funcname).at(-1);
    return name ?? words(pick(val, "ColumnRef")?.fields).at(-1) ?? call ?? "*";
  });
}

function foldFunction(catalogue: Catalogue, statement: Statement): void {
  const made = pick(statement.node, "CreateFunctionStmt");
  if (!made) return;
  const owner = qualified(words(made.funcname));
  const name = `${owner}(${inputTypes(made.parameters).join(", ")})`;
  if (made.replace) catalogue.end(statement, ["function"], (entry) => entry.name === name);
  catalogue.add({ kind: "function", name, owner, statement, target: typeName(made.returnType) });
}

function foldTrigger(catalogue: Catalogue, statement: Statement): void {
  const made = pick(statement.node, "CreateTrigStmt");
  if (!made) return;
  const owner = relationName(made.relation);
  const name = `${made.trigname} on ${owner}`;
  if (made.replace) catalogue.end(statement, ["trigger"], (entry) => entry.name === name);
  catalogue.add({ kind: "trigger", name, owner, statement });
}

function foldPolicy(catalogue: Catalogue, statement: Statement): void {
  const made = pick(statement.node, "CreatePolicyStmt");
  if (!made) return;
  const owner = relationName(made.table);
  const columns = pickAll(made.roles, "RoleSpec").map(({ rolename }) => rolename ?? "public");
  catalogue.add({
    kind: "policy",
    name: `${made.policy_name} on ${owner}`,
    owner,
    columns,
    statement,
  });
}
