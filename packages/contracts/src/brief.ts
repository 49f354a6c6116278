import { z } from "zod";

/** The rules of a brief; the same stand in SQL, in `pipeline.brief_fault`. */
export const briefLimits = {
  bytes: 16_384,
  goal: 250,
  audience: 120,
  rules: 20,
  lookFor: 250,
  skip: 20,
  holes: 12,
  question: 200,
  options: 8,
  option: 80,
  unit: 20,
  answer: 250,
} as const;

export const briefVersion = 1;

const idSchema = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, "must be lower_snake_case");
/** Something is said, in at most so many characters. */
const words = (most: number) =>
  z
    .string()
    .regex(/\S/, "must not be blank")
    .refine((text) => [...text].length <= most, { message: `at most ${most} characters` });

export const briefRuleSchema = z.strictObject({
  id: idSchema,
  /** What to look for, as one would tell a coach. */
  look_for: words(briefLimits.lookFor),
  /** The category of remarks that it leads to, where that is plain. */
  category: idSchema.nullable(),
});
export type BriefRule = z.infer<typeof briefRuleSchema>;

export const holeTypeSchema = z.enum(["choice", "number", "text", "boolean"]);
export type HoleType = z.infer<typeof holeTypeSchema>;

export const holeValueSchema = z.union([
  z.boolean(),
  z.number().min(-1e9).max(1e9),
  words(briefLimits.answer),
]);
export type HoleValue = z.infer<typeof holeValueSchema>;

/** A question that a brief leaves open, or its answer. */
export const briefHoleSchema = z
  .strictObject({
    id: idSchema,
    type: holeTypeSchema,
    question: words(briefLimits.question),
    /** Of a choice. */
    options: z.array(words(briefLimits.option)).min(2).max(briefLimits.options).nullable(),
    /** Of a number. */
    unit: z
      .string()
      .regex(/^\S/, "must not begin with a space")
      .refine((text) => [...text].length <= briefLimits.unit, { message: "too long" })
      .nullable(),
    required: z.boolean(),
    /** What is taken where nobody answers. */
    default: holeValueSchema.nullable(),
    answer: holeValueSchema.nullable(),
  })
  .refine(({ type, options }) => (type === "choice") === (options !== null), {
    message: "a choice has options, no other hole has any",
    path: ["options"],
  })
  .refine(({ type, unit }) => type === "number" || unit === null, {
    message: "only a number has a unit",
    path: ["unit"],
  })
  .refine((hole) => hole.default === null || fitsHole(hole, hole.default), {
    message: "must fit the hole's type",
    path: ["default"],
  })
  .refine((hole) => hole.answer === null || fitsHole(hole, hole.answer), {
    message: "must fit the hole's type",
    path: ["answer"],
  });
export type BriefHole = z.infer<typeof briefHoleSchema>;

/** Whether a value answers a hole. */
export function fitsHole(
  { type, options }: { type: HoleType; options: string[] | null },
  value: HoleValue,
): boolean {
  if (type === "choice") return typeof value === "string" && (options ?? []).includes(value);
  return typeof value === (type === "text" ? "string" : type);
}

/** The form of a brief; `briefSchema` also knows the rules between its parts. */
export const briefFormSchema = z.strictObject({
  schema_version: z.literal(briefVersion),
  /** What the analysis is for, in a sentence. */
  goal: z.string().refine((text) => [...text].length <= briefLimits.goal, { message: "too long" }),
  /** BCP 47 tag, of the brief and of the feedback. */
  language: z
    .string()
    .max(35)
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$/, "must be a language tag"),
  /** For whom the remarks are. */
  audience: words(briefLimits.audience).nullable(),
  level: z.enum(["beginner", "intermediate", "advanced", "professional"]).nullable(),
  rules: z.array(briefRuleSchema).max(briefLimits.rules),
  /** Categories of remarks that are not wanted. */
  skip: z.array(idSchema).max(briefLimits.skip),
  holes: z.array(briefHoleSchema).max(briefLimits.holes),
});

/** What an analysis shall look for: the intermediate representation of a session. */
export const briefSchema = briefFormSchema
  .refine(({ rules }) => comeOnce(rules.map(({ id }) => id)), {
    message: "ids of rules come once each",
    path: ["rules"],
  })
  .refine(({ holes }) => comeOnce(holes.map(({ id }) => id)), {
    message: "ids of holes come once each",
    path: ["holes"],
  })
  .refine(({ skip }) => comeOnce(skip), { message: "skipped once each", path: ["skip"] })
  .refine((brief) => storedBytes(brief) <= briefLimits.bytes, { message: "at most 16 kB" });
export type Brief = z.infer<typeof briefSchema>;

export const emptyBrief: Brief = {
  schema_version: briefVersion,
  goal: "",
  language: "en-US",
  audience: null,
  level: null,
  rules: [],
  skip: [],
  holes: [],
};

function comeOnce(ids: string[]): boolean {
  return new Set(ids).size === ids.length;
}

/** As jsonb writes it: with a space behind each colon and comma. */
function storedBytes(brief: object): number {
  return new TextEncoder().encode(JSON.stringify(brief)).length + spaces(brief);
}

function spaces(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const parts = Object.values(value);
  const commas = Math.max(0, parts.length - 1);
  const colons = Array.isArray(value) ? 0 : parts.length;
  return parts.reduce((sum, part) => sum + spaces(part), commas + colons);
}

/** Holes that nobody has answered. */
export function openHoles({ holes }: Brief): BriefHole[] {
  return holes.filter(({ answer }) => answer === null);
}

/** Whether it can be followed: it asks for something, and no answer that it needs is open. */
export function isReady(brief: Brief): boolean {
  const asks = brief.rules.length > 0 || brief.skip.length > 0;
  return asks && !openHoles(brief).some(({ required }) => required);
}
