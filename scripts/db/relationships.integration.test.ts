import { openTestGateway, type TestGateway } from "@sideline/local-stack/parts";
import {
  exerciseAll,
  type Place,
  problemLines,
  type Report,
  typeProblems,
} from "@sideline/migration-tools";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { projectRoot } from "../project-root.ts";
import { relationships } from "./relationships.ts";
import { sideline } from "./sideline.ts";

/** That all agree is for `npm run check`; here is what it says where something does not. */
let gateway: TestGateway;
let place: Place;

beforeAll(async () => {
  const stack = inject("stack");
  gateway = await openTestGateway(stack);
  const [row] = await gateway.sql<{ name: string }>`select current_database() as name`;
  const { href } = Object.assign(new URL(stack.dbUrl), { pathname: `/${row?.name}` });
  const { publishableKey, secretKey } = gateway.keys;
  place = { apiUrl: gateway.url, dbUrl: href, publishableKey, secretKey };
});
afterAll(() => gateway.stop());

/** What is said of the relationship from voices to who chose them. */
function ofVoices(report: Report): string[] {
  return problemLines(report)
    .filter((line) => line.startsWith("public.coach_voices → voice_preferences"))
    .map((line) => line.replace(/.*\), /, ""));
}

test("rows that a stranger should not show are told", async () => {
  await gateway.migrate("alter table public.voice_preferences disable row level security");
  const report = await exerciseAll(sideline.schemas, relationships, place);
  await gateway.migrate("alter table public.voice_preferences enable row level security");

  expect(ofVoices(report)).toEqual([expect.stringMatching(/^owner: \d+ rows of a stranger/)]);
});

test("a second foreign key makes the plain form ambiguous, and the types do not know it", async () => {
  await gateway.migrate(`
    alter table public.voice_preferences
    add constraint second_fkey foreign key (coach_voice_id) references public.coach_voices (id)`);
  const report = await exerciseAll(sideline.schemas, relationships, place);
  await gateway.migrate("alter table public.voice_preferences drop constraint second_fkey");

  const hinted = report.exercises.filter(({ relationship }) => relationship.needsHint);
  expect(hinted.map(({ relationship }) => relationship.hint).sort()).toEqual([
    "second_fkey",
    "second_fkey",
    "voice_preferences_coach_voice_id_fkey",
    "voice_preferences_coach_voice_id_fkey",
  ]);
  expect(problemLines(report)).toEqual([]);
  const found = report.exercises.map(({ relationship }) => relationship);
  const problems = await typeProblems(projectRoot, relationships.typesImport, found);
  expect(problems.map((problem) => problem.replace(/: error.*|: TS.*/, ""))).toEqual([
    "public.voice_preferences → coach_voices!second_fkey, types",
    "public.coach_voices → voice_preferences!second_fkey, types",
  ]);
});
