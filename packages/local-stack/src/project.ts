import path from "node:path";
import { fileURLToPath } from "node:url";

/** The repository that this package is part of: the folder with `supabase/` and `packages/`. */
export const projectDirectory = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  "../../..",
);

/** All local, git-ignored state of the project. */
export const localDirectory = path.join(projectDirectory, ".local");

/** Where `npm start` keeps its data when no `--dir` is given. */
export const defaultStackDirectory = path.join(localDirectory, "stack");
