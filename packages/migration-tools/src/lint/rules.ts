import type { Rule } from "./rule.ts";
import { bucketPrivate } from "./rules/bucket-private.ts";
import { commented } from "./rules/commented.ts";
import { definerHasReason } from "./rules/definer-has-reason.ts";
import { deleteHasReason } from "./rules/delete-has-reason.ts";
import { dropUnneeded } from "./rules/drop-unneeded.ts";
import { fileName } from "./rules/file-name.ts";
import { foreignKeyIndexed } from "./rules/foreign-key-indexed.ts";
import { functionLength } from "./rules/function-length.ts";
import { functionSearchPath } from "./rules/function-search-path.ts";
import { functionSecurity } from "./rules/function-security.ts";
import { functionVolatility } from "./rules/function-volatility.ts";
import { grantedByName } from "./rules/granted-by-name.ts";
import { grantsMatchPolicies } from "./rules/grants-match-policies.ts";
import { hasRollback } from "./rules/has-rollback.ts";
import { headerComment } from "./rules/header-comment.ts";
import { layout } from "./rules/layout.ts";
import { lowercase } from "./rules/lowercase.ts";
import { madeBeforeUse } from "./rules/made-before-use.ts";
import { madeOnce } from "./rules/made-once.ts";
import { makesAChange } from "./rules/makes-a-change.ts";
import { namedConstraints } from "./rules/named-constraints.ts";
import { noCascade } from "./rules/no-cascade.ts";
import { noConditionalDdl } from "./rules/no-conditional-ddl.ts";
import { noDoBlock } from "./rules/no-do-block.ts";
import { noDynamicSql } from "./rules/no-dynamic-sql.ts";
import { noExceptionHandler } from "./rules/no-exception-handler.ts";
import { noStrayRollback } from "./rules/no-stray-rollback.ts";
import { noTransaction } from "./rules/no-transaction.ts";
import { notOnPlatformSchemas } from "./rules/not-on-platform-schemas.ts";
import { onConflictCovered } from "./rules/on-conflict-covered.ts";
import { policyCallsOnce } from "./rules/policy-calls-once.ts";
import { policyColumnsIndexed } from "./rules/policy-columns-indexed.ts";
import { policyForRole } from "./rules/policy-for-role.ts";
import { policyNamesOwner } from "./rules/policy-names-owner.ts";
import { revokedFirst } from "./rules/revoked-first.ts";
import { rollbackUndoes } from "./rules/rollback-undoes.ts";
import { rowSecurity } from "./rules/row-security.ts";
import { schemaQualified } from "./rules/schema-qualified.ts";
import { statementOrder } from "./rules/statement-order.ts";
import { syntax } from "./rules/syntax.ts";
import { tableHasPolicy } from "./rules/table-has-policy.ts";
import { uniqueVersion } from "./rules/unique-version.ts";
import { viewRunsAsCaller } from "./rules/view-runs-as-caller.ts";

/** All rules, in the order of the documentation. */
export const ruleGroups: { title: string; rules: Rule[] }[] = [
  {
    title: "Files",
    rules: [
      fileName,
      uniqueVersion,
      hasRollback,
      noStrayRollback,
      rollbackUndoes,
      headerComment,
      makesAChange,
    ],
  },
  { title: "Text", rules: [layout, lowercase, schemaQualified] },
  {
    title: "Plain SQL",
    rules: [
      syntax,
      noDoBlock,
      noExceptionHandler,
      noDynamicSql,
      noConditionalDdl,
      noCascade,
      noTransaction,
    ],
  },
  { title: "Order", rules: [madeBeforeUse, madeOnce, dropUnneeded, statementOrder] },
  {
    title: "Tables",
    rules: [
      notOnPlatformSchemas,
      commented,
      namedConstraints,
      foreignKeyIndexed,
      onConflictCovered,
      deleteHasReason,
      viewRunsAsCaller,
    ],
  },
  {
    title: "Row security",
    rules: [
      rowSecurity,
      tableHasPolicy,
      policyForRole,
      policyNamesOwner,
      policyCallsOnce,
      policyColumnsIndexed,
      bucketPrivate,
    ],
  },
  {
    title: "Functions",
    rules: [
      functionVolatility,
      functionSecurity,
      functionSearchPath,
      definerHasReason,
      functionLength,
    ],
  },
  { title: "Grants", rules: [revokedFirst, grantedByName, grantsMatchPolicies] },
];

export const rules: Rule[] = ruleGroups.flatMap((group) => group.rules);
