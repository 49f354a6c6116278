import type { Rule } from "./rule.ts";
import * as files from "./rules/files.ts";
import * as functions from "./rules/functions.ts";
import * as plainSql from "./rules/plain-sql.ts";
import { syntax } from "./rules/syntax.ts";
import * as tables from "./rules/tables.ts";
import * as text from "./rules/text.ts";

/** All rules about the files, in the order of the documentation. */
export const ruleGroups: { title: string; rules: Rule[] }[] = [
  { title: "Files", rules: Object.values(files) },
  { title: "Text", rules: Object.values(text) },
  { title: "Plain SQL", rules: [syntax, ...Object.values(plainSql)] },
  { title: "Tables", rules: Object.values(tables) },
  { title: "Functions", rules: Object.values(functions) },
];

export const rules: Rule[] = ruleGroups.flatMap((group) => group.rules);
