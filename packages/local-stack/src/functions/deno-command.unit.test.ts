import { expect, test } from "vitest";
import { missingImport } from "./deno-command.ts";

test("a package that is not in node_modules may be in the registry", () => {
  const line =
    "error: Uncaught TypeError: Could not find a matching package for 'npm:left-pad@1.3.0' in the node_modules directory. Ensure";

  expect(missingImport(line)).toEqual({
    isNpm: true,
    sentence: "npm:left-pad@1.3.0 is not in node_modules and is taken from the npm registry.",
  });
});

test.each([
  ["error: TypeError: Import 'https://esm.sh/x' failed.", "https://esm.sh/x"],
  [
    "JSR package manifest for '@std/x' failed to load. Import 'https://jsr.io/@std/x/meta.json' failed.",
    "https://jsr.io/@std/x/meta.json",
  ],
])("an address that could not be loaded is named: %s", (line, address) => {
  expect(missingImport(line)?.sentence).toContain(`${address} could not be loaded`);
});

test("any other line is the function's own affair", () => {
  expect(missingImport("Import of 3 rows failed")).toBeNull();
});
