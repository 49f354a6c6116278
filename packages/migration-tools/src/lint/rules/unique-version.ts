import type { Rule } from "../rule.ts";

export const uniqueVersion: Rule = {
  id: "unique-version",
  says: "No two migrations have the same version.",
  why: "The history keeps one row per version: the second file would never run, or fail on its row.",
  covers: "migrations",
  bad: [
    {
      name: "20261101090000_notes.sql",
      given: "create schema a;",
      sql: "create schema b;",
      at: "create",
    },
  ],
  good: [{ given: "create schema a;", sql: "create schema b;" }],
  *check({ file, project }) {
    const version = file.name.split("_")[0];
    const twin = project.migrations.find(
      (other) => other !== file && other.name.split("_")[0] === version,
    );
    if (!twin || twin.name > file.name) return;
    yield {
      file,
      offset: 0,
      problem: `${twin.name} has the version ${version} too.`,
      remedy: "Give this migration a later version.",
    };
  },
};
