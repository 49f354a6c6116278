import type { FollowedBrief } from "../generate/request.ts";
import type { Remark, Report } from "./remark.ts";
import type { Wording } from "./wording.ts";

/** The categories of remarks that can be made of how a picture changes. */
const measurable = ["movement", "stillness", "cut", "recording"] as const;
const known = new Set<string>(measurable);
/** Of the summary, which may have 4,000 in all. */
const mostCharacters = 1500;

/**
 * What the brief skips is left out, and a remark names the rule of its category. Of what the local
 * drafter asks, the number of remarks and their drills are followed. What a rule asks for and no
 * bitstream shows is not guessed at: the summary says so.
 */
export function followBrief(report: Report, brief: FollowedBrief, wording: Wording): Report {
  const skip = new Set(brief.skip);
  const answerTo = (id: string) => brief.answers.find((one) => one.id === id)?.answer;
  const wanted = report.feedback.filter(({ category }) => !skip.has(category));
  const feedback = atMost(answerTo("most_remarks"), wanted).map((remark) => ({
    ...remark,
    drill: answerTo("with_drills") === false ? null : remark.drill,
    rule_id: brief.rules.find(({ category }) => category === remark.category)?.id ?? null,
  }));
  const unseen = brief.rules.filter(({ category }) => !category || !known.has(category));
  const left = report.feedback.filter(({ category }) => skip.has(category));
  const said = [report.summary];
  if (unseen.length > 0) {
    const rules = unseen.map(({ look_for }) => `“${look_for}”`).join(", ");
    said.push(wording.cannotLookFor({ rules: shortened(rules) }));
  }
  if (left.length > 0) {
    const categories = [...new Set(left.map(({ category }) => category))].join(", ");
    said.push(wording.leftOut({ categories }));
  }
  return { ...report, summary: said.join(" "), feedback };
}

const weight = { low: 0, medium: 1, high: 2 };

/** Those that matter most, in order of time. */
function atMost(most: unknown, remarks: Remark[]): Remark[] {
  if (typeof most !== "number" || most < 0) return remarks;
  const kept = new Set(
    remarks.toSorted((a, b) => weight[b.severity] - weight[a.severity]).slice(0, Math.floor(most)),
  );
  return remarks.filter((remark) => kept.has(remark));
}

function shortened(text: string): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}…`;
}
