import { expect, test } from "vitest";
import { readReply } from "./read-reply.ts";

const remark = {
  start_seconds: 4,
  end_seconds: 7,
  category: "foot_work",
  severity: "high",
  confidence: 0.85,
  message: "Bend your knees.",
  drill: "Ten squats.",
  rule_id: null,
};
const metric = { metric_key: "frame_rate", metric_value: 30, unit: "fps" };
const whole = {
  title: "A rally",
  summary: "Two players.",
  language: "en-US",
  confidence: 0.9,
  metrics: [metric],
  feedback: [remark, { ...remark, message: "Again." }],
};
const json = JSON.stringify(whole);
const another = whole.feedback[1];
/** The first remark in another form. */
const withRemark = (part: object) =>
  JSON.stringify({ ...whole, feedback: [{ ...remark, ...part }, another] });
const withMetrics = (...metrics: unknown[]) => JSON.stringify({ ...whole, metrics });
const without = (key: keyof typeof whole) => JSON.stringify({ ...whole, [key]: undefined });

type Meaning = "means the same" | "the part is left out, with a note" | "repaired by a second call";
const same: Meaning = "means the same";
const leftOut: Meaning = "the part is left out, with a note";
const repaired: Meaning = "repaired by a second call";

/** Each form: what it is, the reply, and what becomes of it. */
const forms: [string, string, Meaning][] = [
  ["a code fence", `\`\`\`json\n${json}\n\`\`\``, same],
  ["prose around the JSON", `Here is the analysis: ${json}\nI hope it helps!`, same],
  ["prose with brackets", `At [0:04], as {seen} [1]: ${json} See [1].`, same],
  ["prose around a code fence", `Sure!\n\`\`\`\n${json}\n\`\`\`\nDone.`, same],
  ["an array around the object", `[${json}]`, same],
  ["a byte order mark, white space", `\uFEFF \n${json}\n`, same],
  ["two JSON objects", `${json}\n${json}`, repaired],
  ["JSON that is cut off", json.slice(0, -20), repaired],
  ["no JSON", "I cannot see the video.", repaired],
  [
    "keys in another spelling",
    json.replaceAll("start_seconds", "startSeconds").replaceAll("metric_key", "Metric Key"),
    same,
  ],
  ["a language `EN_us`", json.replace("en-US", "EN_us"), same],
  ["a time `0:04`", withRemark({ start_seconds: "0:04" }), same],
  ["a time `00:00:04.0`", withRemark({ start_seconds: "00:00:04.0" }), same],
  ['a time `"4"`, `4s`', withRemark({ start_seconds: "4", end_seconds: "7s" }), same],
  ["a time `0:75`", withRemark({ end_seconds: "0:75" }), leftOut],
  ["a time in words", withRemark({ start_seconds: "near the start" }), leftOut],
  ["an end before the start", withRemark({ end_seconds: 3 }), leftOut],
  ["a start after the video's end", withRemark({ start_seconds: 31, end_seconds: 32 }), leftOut],
  ["a confidence `85`", withRemark({ confidence: 85 }), same],
  ["a confidence `85%`", withRemark({ confidence: "85%" }), same],
  ['a confidence `"0.85"`', withRemark({ confidence: "0.85" }), same],
  ["a confidence `1.5`, `-1`", withRemark({ confidence: 1.5 }), leftOut],
  ["a confidence in words", withRemark({ confidence: "high" }), leftOut],
  ["a severity `High`", withRemark({ severity: " High" }), same],
  ["another severity", withRemark({ severity: "awful" }), leftOut],
  ["a category `Foot-Work`, `footWork`", withRemark({ category: "Foot-Work" }), same],
  ["a category in other letters", withRemark({ category: "Beinarbeit für alle" }), leftOut],
  ["an empty message", withRemark({ message: " " }), leftOut],
  ["a message of blanks without width", withRemark({ message: "\u200b\u3164" }), leftOut],
  ["a message of more than 2,000 characters", withRemark({ message: "x".repeat(2001) }), leftOut],
  ["fields that nobody asked for", withRemark({ joint: "knee" }), same],
  ["a number in quotes", withMetrics({ ...metric, metric_value: "30" }), same],
  ["a metric twice", withMetrics(metric, metric), leftOut],
  ["a metric that is no number", withMetrics(metric, { ...metric, metric_value: "fast" }), leftOut],
  ["no title or summary", without("summary"), repaired],
  ["no list of remarks", without("feedback"), repaired],
  [
    "more bad remarks than good ones",
    JSON.stringify({ ...whole, feedback: [remark, {}, {}] }),
    repaired,
  ],
  ["none but bad remarks", JSON.stringify({ ...whole, feedback: [{}] }), repaired],
];

function meaningOf(text: string): Meaning {
  const read = readReply(text, 30);
  if (!read.ok || !read.value.mostlyGood) return repaired;
  const { value, note } = read.value;
  if (note === null) {
    expect(value).toEqual(whole);
    return same;
  }
  expect(value).toEqual({ ...whole, feedback: value.feedback, metrics: [metric] });
  return leftOut;
}

test.each(forms)("%s", (_what, text, meaning) => {
  expect(meaningOf(text)).toBe(meaning);
});

test("docs/replies.md lists them", async () => {
  const page = new URL("../../../docs/replies.md", import.meta.url);

  await expect(pageOf()).toMatchFileSnapshot(page.pathname);
});

function pageOf(): string {
  const width = Math.max(...forms.map(([what]) => what.length));
  const rows = forms.map(
    ([what, , meaning]) => `| ${what.padEnd(width)} | ${meaning.padEnd(leftOut.length)} |`,
  );
  return `# Forms of a model's analysis

What a model answers is checked against one schema (\`packages/contracts/src/analysis-reply.ts\`). Forms that can mean only
one thing are read as that. A remark or a metric that breaks the rules is left out, and \`analysis_jobs.note\` says how many
were. What is no analysis is repaired by one second call that names the faults and uploads nothing; what then breaks the
rules is left out, and if nothing is left the attempt has failed with \`reply_invalid\`. Each line is a test
(\`npm test -- reply-forms\`; \`-u\` writes this page).

| ${"in the reply".padEnd(width)} | ${"what becomes of it".padEnd(leftOut.length)} |
| ${"-".repeat(width)} | ${"-".repeat(leftOut.length)} |
${rows.join("\n")}

Markup that a model answers (SSML) is taken from the same fences, prose and arrays, and without any JSON around it. Then it
has to pass the allow-list and say the message in its own words, numbers and signs, or it is asked for once more, and then left to the fixed
template.
`;
}
