import { type Rule, statementsThat } from "../rule.ts";
import { type NodeOf, pick, pickAll, words } from "../source/ast.ts";
import { commentsWithin, hasReason, type Statement } from "../source/source-file.ts";

export const functionVolatility: Rule = {
  id: "function-volatility",
  says: "Every function says `volatile`, `stable` or `immutable`.",
  why: "The default, volatile, keeps a function out of indexes and makes it run once per row.",
  remedy: "Add volatile, stable or immutable after its language.",
  covers: "both",
  find: statementsThat((statement) => isMade(statement) && !option(statement, "volatility")),
};

export const functionSecurity: Rule = {
  id: "function-security",
  says: "Every function says `security invoker` or `security definer`.",
  why: "With whose rights it runs is what a reviewer looks for first.",
  remedy: "Add security invoker, or security definer with its reason.",
  covers: "both",
  find: statementsThat((statement) => isMade(statement) && !option(statement, "security")),
};

export const definerHasReason: Rule = {
  id: "definer-has-reason",
  says: "A function that is security definer says why, in a line `-- Definer: reason`.",
  why: "It runs past the caller's rights and policies; who reviews it must know that this is meant.",
  remedy: "Add a line -- Definer: reason, or make it security invoker.",
  covers: "both",
  find: statementsThat((statement) => {
    const isDefiner = pick(option(statement, "security")?.arg, "Boolean")?.boolval === true;
    const inside = commentsWithin(statement).some((comment) => /^Definer: \S/.test(comment));
    return isDefiner && !inside && !hasReason(statement, "Definer");
  }),
};

const longest = 60;

export const functionLength: Rule = {
  id: "function-length",
  says: `A function's body has at most ${longest} lines.`,
  why: "A longer one does several things, and its tests cannot tell them apart.",
  remedy: `Split it into functions of at most ${longest} lines.`,
  covers: "both",
  *find({ statements }) {
    for (const { node, start, body } of statements) {
      const lines = body?.text.trim().split("\n").length ?? 0;
      const name = words(pick(node, "CreateFunctionStmt")?.funcname).join(".");
      if (!name || lines <= longest) continue;
      yield { offset: start, problem: `The body of ${name} has ${lines} lines.` };
    }
  },
};

function isMade({ node }: Statement): boolean {
  return pick(node, "CreateFunctionStmt") !== undefined;
}

/** What a `create function` or `alter function` says of the function. */
function option({ node }: Statement, name: string): NodeOf<"DefElem"> | undefined {
  const options =
    pick(node, "CreateFunctionStmt")?.options ?? pick(node, "AlterFunctionStmt")?.actions;
  return pickAll(options, "DefElem").find(({ defname }) => defname === name);
}
