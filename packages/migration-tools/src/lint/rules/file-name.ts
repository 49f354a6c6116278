import type { Rule } from "../rule.ts";

export const fileName: Rule = {
  id: "file-name",
  says: "A migration is named `YYYYMMDDHHMMSS_topic.sql`, with a real time and a snake_case topic.",
  why: "The CLI takes the digits for the version; it passes over a file that is named otherwise.",
  covers: "migrations",
  bad: [
    { name: "add_notes.sql", sql: "select pipeline.f();", at: "select" },
    { name: "20261301090000_notes.sql", sql: "select pipeline.f();", at: "select" },
    { name: "20261101090000-Notes.sql", sql: "select pipeline.f();", at: "select" },
  ],
  good: [{ name: "20261101090000_notes.sql", sql: "select pipeline.f();" }],
  *check({ file }) {
    const digits = /^(\d{14})_[a-z0-9]+(_[a-z0-9]+)*\.sql$/.exec(file.name)?.[1];
    if (digits && isTime(digits)) return;
    yield {
      file,
      offset: 0,
      problem: `The name ${file.name} is not YYYYMMDDHHMMSS_topic.sql.`,
      remedy: "Name it by the time it was written, in UTC, and by its topic in snake_case.",
    };
  },
};

function isTime(digits: string): boolean {
  const [, date, time] = /^(\d{8})(\d{6})$/.exec(digits) ?? [];
  const text = `${date?.replace(/^(.{4})(..)(..)$/, "$1-$2-$3")}T${time?.replace(/^(..)(..)(..)$/, "$1:$2:$3")}`;
  const parsed = new Date(`${text}.000Z`);
  // A day such as 30 February is moved to March instead of refused.
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}
