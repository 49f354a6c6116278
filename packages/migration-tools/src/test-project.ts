import { projectDirectory } from "@sideline/local-stack";
import { projectOf } from "./default-project.ts";

/** The project around this package, as far as tests need it. */
export const testProject = projectOf({
  directory: projectDirectory,
  schemas: ["public", "pipeline"],
  jobs: "sideline-%",
});
