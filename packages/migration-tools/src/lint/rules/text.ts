import type { Found, Rule } from "../rule.ts";
import { nodesIn, pick, pickAll, relationsIn, words } from "../source/ast.ts";
import type { SourceFile, Token } from "../source/source-file.ts";
import { sqlOf } from "../source/source-file.ts";
import { tokensOf } from "../source/tokens.ts";

const widest = 100;

export const layout: Rule = {
  id: "layout",
  says: `Lines have at most ${widest} columns, no tabs, and nothing at their end.`,
  why: "Migrations are read side by side with their rollbacks, and differences should be of substance.",
  remedy: "Break long lines, indent by two spaces, and leave no space at a line's end.",
  covers: "both",
  *find({ text }) {
    let start = 0;
    for (const line of text.split("\n")) {
      const place = line.length > widest ? widest : line.search(/\t|[ \r]+$/);
      if (place >= 0) yield { offset: start + place };
      start += line.length + 1;
    }
  },
};

export const lowercase: Rule = {
  id: "lowercase",
  says: "Keywords and names are lowercase.",
  why: "PostgreSQL folds unquoted names: what reads `userId` is `userid`, and no client finds it.",
  remedy: "Write it in small letters, snake_case for a name of several words.",
  covers: "both",
  *find(file) {
    // Of what does not parse, the syntax is the news.
    const broken = file.failures.map(({ offset, text }) => {
      const from = file.text.lastIndexOf(text, offset);
      return { from, to: from + text.length };
    });
    for (const { start, text } of wordsOf(file)) {
      if (text === text.toLowerCase()) continue;
      if (broken.some(({ from, to }) => from <= start && start < to)) continue;
      yield { offset: start, problem: `"${text}" is not lowercase.` };
    }
  },
};

/** The words of the file, and those inside bodies, which the scanner takes for strings. */
function wordsOf(file: SourceFile): Token[] {
  const bodies = file.statements.flatMap(({ body }) =>
    body ? tokensOf(body.text).map((token) => ({ ...token, start: body.start + token.start })) : [],
  );
  return [...file.tokens, ...bodies].filter(({ kind }) => kind === "word");
}

export const schemaQualified: Rule = {
  id: "schema-qualified",
  says: "Every table is named with its schema, and so is what is created or dropped.",
  why: "Without it the search path decides which object is meant; in our functions that path is empty.",
  remedy: "Write the schema before the name.",
  covers: "both",
  *find(file, { migrations }) {
    for (const sql of file.statements.flatMap(sqlOf)) {
      const own = new Set([...nodesIn(sql.node, "CommonTableExpr")].map(({ ctename }) => ctename));
      for (const { schemaname, relname = "", location } of relationsIn(sql.node)) {
        if (schemaname || own.has(relname) || transitionNames(migrations).has(relname)) continue;
        yield bare(relname, sql.at(location));
      }
      const made = pick(sql.node, "CreateFunctionStmt")?.funcname;
      const dropped = pick(sql.node, "DropStmt");
      const isRelation = /_(TABLE|VIEW|SEQUENCE|INDEX)$/.test(dropped?.removeType ?? "");
      const names = [
        words(made),
        ...(isRelation ? pickAll(dropped?.objects, "List").map(({ items }) => words(items)) : []),
        ...pickAll(dropped?.objects, "ObjectWithArgs").map(({ objname }) => words(objname)),
      ];
      for (const parts of names) if (parts.length === 1) yield bare(parts.join(), sql.start);
    }
  },
};

function bare(name: string, offset: number): Found {
  return { offset, problem: `${name} is named without its schema.` };
}

/** Names under which triggers pass changed rows to their functions. */
function transitionNames(files: SourceFile[]): Set<string> {
  const triggers = files.flatMap(({ statements }) =>
    statements.flatMap(({ node }) => pick(node, "CreateTrigStmt") ?? []),
  );
  return new Set(
    triggers.flatMap(({ transitionRels }) =>
      pickAll(transitionRels, "TriggerTransition").map(({ name }) => name ?? ""),
    ),
  );
}
