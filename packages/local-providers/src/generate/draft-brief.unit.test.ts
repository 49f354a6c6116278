import { expect, test } from "vitest";
import { draftBrief } from "./draft-brief.ts";

test("a request is cut into rules, what to skip and for whom", () => {
  const brief = draftBrief(
    "First serve, toss height, left arm; skip the footwork; for a twelve-year-old",
  );

  expect(brief).toMatchObject({
    language: "en-US",
    audience: "a twelve-year-old",
    skip: ["footwork"],
    rules: [
      { id: "first_serve", look_for: "First serve", category: null },
      { id: "toss_height" },
      { id: "left_arm" },
      { id: "strongest_movement", category: "movement" },
    ],
  });
  expect(brief.holes.map(({ id, type }) => [id, type])).toEqual([
    ["level", "choice"],
    ["most_remarks", "number"],
    ["with_drills", "boolean"],
  ]);
});

test("what the request says is not asked for", () => {
  const brief = draftBrief("Long pauses for a beginner, no camera, the beginner's toss");

  expect(brief.level).toBe("beginner");
  expect(brief.skip).toEqual(["recording"]);
  expect(brief.rules[0]).toMatchObject({ category: "stillness" });
  expect(brief.holes.map(({ id }) => id)).not.toContain("level");
});

test("German is drafted in German", () => {
  const brief = draftBrief("Aufschlag und Ballwurf, ohne die Beinarbeit, für einen Anfänger");

  expect(brief).toMatchObject({ language: "de-DE", level: "beginner", skip: ["beinarbeit"] });
  expect(brief.audience).toBe("einen Anfänger");
});

test("whatever is asked for, ids are plain and come once", () => {
  const brief = draftBrief(`Toss, toss, 膝, 1st serve, ${"a".repeat(300)}, ${"toss,".repeat(40)}`);

  const ids = brief.rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[a-z][a-z0-9_]{0,39}$/.test(id))).toBe(true);
  expect(ids.length).toBeLessThanOrEqual(20);
});
