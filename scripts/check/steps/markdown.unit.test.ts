import { expect, test } from "vitest";
import { anchorsOf, linksOf, testsOf } from "./markdown.ts";

test("finds links, pictures, references and HTML, but none in code", () => {
  const markdown = [
    "See [the guide](docs/guide.md#start) and ![a picture](docs/picture.svg).",
    "[named]: other.md",
    '<img src="docs/logo.svg" alt="">',
    "`[not](a-link.md)`",
    "```",
    "[nor](this.md)",
    "```",
  ].join("\n");

  expect(linksOf(markdown).sort()).toEqual([
    "docs/guide.md#start",
    "docs/logo.svg",
    "docs/picture.svg",
    "other.md",
  ]);
});

test("makes anchors of headings as a forge does", () => {
  const markdown = "# The `pipeline` schema\n## Who may do what?\n## Who may do what?\n";

  expect([...anchorsOf(markdown)]).toEqual([
    "the-pipeline-schema",
    "who-may-do-what",
    "who-may-do-what-1",
  ]);
});

test("finds the tests that links name, where they do not name the file", () => {
  const markdown =
    "[waits double](../a/b.test.sql), [`c.unit.test.ts`](c.unit.test.ts), [code](d.ts)";

  expect(testsOf(markdown)).toEqual([{ title: "waits double", link: "../a/b.test.sql" }]);
});
