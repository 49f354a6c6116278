import { useSideline } from "@sideline/client/react";
import { type BriefRule, briefLimits } from "@sideline/contracts";
import { Plus, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button, IconButton } from "../parts/button.tsx";
import { mostRules, newRule } from "./clean-brief.ts";
import { area, field } from "./looks.ts";
import type { BriefForm } from "./use-brief-form.ts";
import { useBriefWords } from "./words.ts";

/** What to look for, and what came of it so far. */
export function RuleFields({ sessionId, form }: { sessionId: number; form: BriefForm }) {
  const words = useBriefWords();
  const { brief, change } = form;
  const remarks = useRuleUsage(sessionId, form.revision);
  const added = useRef<string | null>(null);
  const put = (id: string, part: Partial<BriefRule>) =>
    change({ rules: brief.rules.map((rule) => (rule.id === id ? { ...rule, ...part } : rule)) });
  return (
    <fieldset className="space-y-3">
      <legend className="mb-3 text-sm font-medium">{words.rules}</legend>
      {brief.rules.length === 0 && <p className="text-sm text-soft">{words.noRules}</p>}
      <ol className="space-y-3">
        {brief.rules.map(({ id, look_for, category }, index) => (
          <li
            key={id}
            className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-1 gap-y-2 sm:grid-cols-[minmax(0,1fr)_12.5rem_auto] sm:gap-x-2"
          >
            <textarea
              // biome-ignore lint/a11y/noAutofocus: it appears because one pressed a button for it.
              autoFocus={added.current === id}
              aria-label={words.rule(index + 1)}
              placeholder={words.ruleHint}
              rows={1}
              maxLength={briefLimits.lookFor}
              value={look_for}
              onChange={({ target }) => put(id, { look_for: target.value })}
              className={area}
            />
            <input
              aria-label={words.ruleCategory(index + 1)}
              placeholder={words.ruleCategoryHint}
              maxLength={40}
              value={category?.replaceAll("_", " ") ?? ""}
              onChange={({ target }) => put(id, { category: target.value || null })}
              className={`${field} max-sm:order-last max-sm:col-span-2`}
            />
            <IconButton
              label={words.dropRule(index + 1)}
              className="mt-0.5"
              onClick={() => change({ rules: brief.rules.filter((rule) => rule.id !== id) })}
            >
              <X className="size-4" aria-hidden="true" />
            </IconButton>
            {remarks[id] !== undefined && (
              <p className="text-xs text-soft max-sm:order-last sm:col-span-3">
                {words.remarks(remarks[id])}
              </p>
            )}
          </li>
        ))}
      </ol>
      <Button
        disabled={brief.rules.length >= mostRules}
        onClick={() => {
          const rule = newRule();
          added.current = rule.id;
          change({ rules: [...brief.rules, rule] });
        }}
      >
        <Plus className="size-4" aria-hidden="true" />
        {words.addRule}
      </Button>
    </fieldset>
  );
}

/** How many remarks name each rule. */
function useRuleUsage(sessionId: number, revision: number): Record<string, number> {
  const { supabase } = useSideline();
  const [usage, setUsage] = useState<Record<string, number>>({});
  // biome-ignore lint/correctness/useExhaustiveDependencies: each revision is a reason to look.
  useEffect(() => {
    supabase
      .from("rule_usage")
      .select("rule_id, remarks")
      .eq("session_id", sessionId)
      // Without it the form works as well.
      .then(({ data }) =>
        setUsage(Object.fromEntries((data ?? []).map((row) => [row.rule_id, row.remarks ?? 0]))),
      );
  }, [supabase, sessionId, revision]);
  return usage;
}
