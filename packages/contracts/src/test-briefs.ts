import { type Brief, emptyBrief } from "./brief.ts";

export const serveBrief: Brief = {
  schema_version: 1,
  goal: "The first serve",
  language: "en-US",
  audience: "a twelve-year-old",
  level: "beginner",
  rules: [
    { id: "toss_height", look_for: "How high the ball is tossed", category: "toss" },
    { id: "left_arm", look_for: "What the left arm does", category: null },
  ],
  skip: ["footwork"],
  holes: [
    hole({ id: "hand", type: "choice", options: ["right", "left"], default: "right" }),
    hole({ id: "height", type: "number", unit: "cm" }),
    hole({ id: "aim", type: "text", required: false, answer: "the T" }),
    hole({ id: "slow_motion", type: "boolean", answer: false }),
  ],
};

function hole(parts: Partial<Brief["holes"][number]>): Brief["holes"][number] {
  return {
    id: "hole",
    type: "text",
    question: "Which one?",
    options: null,
    unit: null,
    required: true,
    default: null,
    answer: null,
    ...parts,
  };
}

const text = (length: number) => "é".repeat(length);
const rule = { id: "toss", look_for: "The toss", category: null };
const many = <Item>(count: number, make: (index: number) => Item) =>
  Array.from({ length: count }, (_, index) => make(index));
const withHole = (parts: object) => ({ holes: [{ ...hole({}), ...parts }] });

/** What the contract and the database are both asked about: changes to `serveBrief`. */
export const briefSamples: { name: string; change: object; taken: boolean }[] = [
  ...good({
    whole: {},
    empty: emptyBrief,
    "of the longest texts": {
      goal: text(250),
      audience: text(120),
      rules: [{ ...rule, id: "a".repeat(40), look_for: text(250), category: "b".repeat(40) }],
    },
    "of 20 rules": { rules: many(20, (index) => ({ ...rule, id: `rule_${index}` })) },
    "with a text across lines": { goal: "One\ntwo" },
    "in another language": { language: "zh-Hant-TW" },
    "with a long answer": withHole({ answer: text(250) }),
    "with a number below zero": withHole({ type: "number", unit: "°", answer: -4.5 }),
    "with eight options": withHole({ type: "choice", options: many(8, (n) => `${n}`) }),
  }),
  ...bad({
    "of another version": { schema_version: 2 },
    "without a goal": { goal: undefined },
    "with a long goal": { goal: text(251) },
    "with a language of words": { language: "English" },
    "with a language of many parts": { language: "en-aa-bb-cc-dd-ee" },
    "with a language of 38 characters": { language: "en-aaaaaaaa-bbbbbbbb-cccccccc-dddddddd" },
    "for a blank audience": { audience: " " },
    "for a long audience": { audience: text(121) },
    "of an unknown level": { level: "expert" },
    "with another part": { notes: "x" },
    "with rules that are no list": { rules: { id: "toss" } },
    "with a rule that is no object": { rules: ["toss"] },
    "with a rule in a list": { rules: [[rule]] },
    "with a rule without id": { rules: [{ ...rule, id: undefined }] },
    "with a rule of words for an id": { rules: [{ ...rule, id: "The toss" }] },
    "with a rule without a category": { rules: [{ ...rule, category: undefined }] },
    "with a rule of another part": { rules: [{ ...rule, weight: 1 }] },
    "with a rule that says nothing": { rules: [{ ...rule, look_for: "\n" }] },
    "with a rule that says too much": { rules: [{ ...rule, look_for: text(251) }] },
    "with a rule twice": { rules: [rule, rule] },
    "of 21 rules": { rules: many(21, (index) => ({ ...rule, id: `rule_${index}` })) },
    "that skips words": { skip: ["Foot work"] },
    "that skips twice": { skip: ["footwork", "footwork"] },
    "that skips a list": { skip: [["footwork"]] },
    "with 13 holes": { holes: many(13, (index) => hole({ id: `hole_${index}` })) },
    "with a hole twice": { holes: [hole({}), hole({})] },
    "with a hole of another type": withHole({ type: "date" }),
    "with a hole of another part": withHole({ hint: "x" }),
    "with a hole without an answer": withHole({ answer: undefined }),
    "with a hole without options": withHole({ options: undefined }),
    "with a hole that asks nothing": withHole({ question: "" }),
    "with a choice of one": withHole({ type: "choice", options: ["one"] }),
    "with a choice of nine": withHole({ type: "choice", options: many(9, (n) => `${n}`) }),
    "with a choice of none": withHole({ type: "choice", options: null }),
    "with a text of options": withHole({ options: ["one", "two"] }),
    "with a text of a unit": withHole({ unit: "cm" }),
    "with a long unit": withHole({ type: "number", unit: "a".repeat(21) }),
    "with a blank unit": withHole({ type: "number", unit: " cm" }),
    "answered with another choice": withHole({
      type: "choice",
      options: ["one", "two"],
      answer: "three",
    }),
    "answered with all choices": withHole({
      type: "choice",
      options: ["one", "two"],
      answer: ["one", "two"],
    }),
    "answered with words for a number": withHole({ type: "number", answer: "4" }),
    "answered with a number beyond all": withHole({ type: "number", answer: 1e10 }),
    "answered with a number for a text": withHole({ answer: 4 }),
    "answered at length": withHole({ answer: text(251) }),
    "answered with yes for true": withHole({ type: "boolean", answer: "yes" }),
    "with a default of another type": withHole({ type: "boolean", default: 1 }),
    "of too many bytes": {
      rules: many(20, (index) => ({ ...rule, id: `rule_${index}`, look_for: "…".repeat(250) })),
      holes: many(12, (index) => hole({ id: `hole_${index}`, question: "…".repeat(200) })),
    },
  }),
];

function good(changes: Record<string, object>) {
  return Object.entries(changes).map(([name, change]) => ({ name, change, taken: true }));
}

function bad(changes: Record<string, object>) {
  return Object.entries(changes).map(([name, change]) => ({ name, change, taken: false }));
}
