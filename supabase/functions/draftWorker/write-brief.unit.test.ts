import { type Brief, type DraftFindings, emptyBrief } from "@sideline/contracts";
import { expect, test } from "vitest";
import { draftClaim } from "../_shared/testing/claims.ts";
import { recordedAttempt } from "../_shared/testing/recorded-attempt.ts";
import { scriptedGemini } from "../_shared/testing/scripted-gemini.ts";
import { system } from "./prompt.ts";
import { writeBrief } from "./write-brief.ts";

const good = {
  goal: "The first serve",
  language: "en-US",
  audience: "a twelve-year-old",
  level: null,
  rules: [{ id: "toss_height", look_for: "How high the toss is", category: "toss" }],
  skip: ["footwork"],
  holes: [
    {
      ...{ id: "hand", type: "choice", question: "Which hand?", options: ["left", "right"] },
      ...{ unit: null, required: true, default: "right" },
    },
    {
      ...{ id: "height", type: "number", question: "How high?", options: null },
      ...{ unit: "cm", required: false, default: "150" },
    },
  ],
};

async function draft(ir: Brief, ...replies: Parameters<typeof scriptedGemini>) {
  const gemini = scriptedGemini(...replies);
  const notes: DraftFindings[] = [];
  const note = async (_claim: unknown, findings: DraftFindings) => void notes.push(findings);
  const result = await writeBrief({ gemini, note }, { ...draftClaim, ir }, recordedAttempt()).catch(
    (error: unknown) => ({ error }),
  );
  return { gemini, notes, result };
}

test("a brief comes of a good reply, with suggestions of their types", async () => {
  const { notes, result } = await draft(emptyBrief, good);

  expect(result).toMatchObject({
    model: "model-1",
    ir: {
      schema_version: 1,
      rules: good.rules,
      holes: [
        { id: "hand", default: "right", answer: null },
        { id: "height", default: 150, unit: "cm", answer: null },
      ],
    },
  });
  expect(notes).toMatchObject([
    { syntax_ok: true, schema_ok: true, rules_ok: true, is_repaired: false, faults: [] },
  ]);
});

test("the request is data; the instructions are always the same", async () => {
  const { gemini } = await draft(emptyBrief, good);
  const [request] = gemini.asked;

  expect(request?.system).toBe(system);
  expect(request?.system).not.toContain("toss height");
  expect(JSON.parse(request?.contents[0]?.parts[0]?.text ?? "")).toMatchObject({
    task: "draft",
    request: draftClaim.request,
  });
});

test.each([
  ["that is no JSON", "I cannot.", { syntax_ok: false, schema_ok: false, rules_ok: false }],
  ["of another form", { goal: 5 }, { syntax_ok: true, schema_ok: false, rules_ok: false }],
  [
    "with a rule twice",
    { ...good, rules: [...good.rules, ...good.rules] },
    { syntax_ok: true, schema_ok: true, rules_ok: false },
  ],
])("a reply %s is repaired once, and told of", async (_name, bad, found) => {
  const { gemini, notes, result } = await draft(emptyBrief, bad, good);

  expect(result).toMatchObject({ ir: { goal: good.goal } });
  expect(notes).toMatchObject([{ ...found, is_repaired: true }]);
  expect(notes[0]?.faults.length).toBeGreaterThan(0);
  const repair = gemini.asked[1]?.contents;
  expect(JSON.parse(repair?.[2]?.parts[0]?.text ?? "").faults).toEqual(notes[0]?.faults);

  const twice = await draft(emptyBrief, bad, bad);
  expect(twice.result).toMatchObject({ error: { code: "reply_invalid", fate: "retry" } });
  expect(twice.notes).toMatchObject([found]);
});

test("what the owner answered stays answered", async () => {
  const first = await draft(emptyBrief, good);
  if (!("ir" in first.result)) throw new Error("There is no brief.");
  const before = first.result.ir;
  const answered = {
    ...before,
    holes: before.holes.map((hole) => (hole.id === "hand" ? { ...hole, answer: "left" } : hole)),
  };

  expect((await draft(answered, good)).result).toMatchObject({
    ir: { holes: [{ id: "hand", answer: "left" }, { answer: null }] },
  });
  // The model no longer asks, the answer still holds.
  expect((await draft(answered, { ...good, holes: [] })).result).toMatchObject({
    ir: { holes: [{ id: "hand", answer: "left" }] },
  });
});
