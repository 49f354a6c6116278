import { lintProject } from "./lint-project.ts";
import { parseOptions, UsageError, usage } from "./options.ts";
import { UnreadableFile } from "./read-project.ts";
import { textReport } from "./report/text.ts";

export interface CommandResult {
  /** 0 nothing found, 1 findings, 2 bad usage. */
  code: number;
  stdout: string;
  stderr: string;
}

/** @param directory what relative names of files start from */
export function runCommand(args: string[], directory: string): CommandResult {
  try {
    const { files, json, help } = parseOptions(args);
    if (help) return { code: 0, stdout: usage, stderr: "" };
    const result = lintProject(files, directory);
    const { findings, notes } = result;
    const stdout = json
      ? JSON.stringify({ files: result.files, findings, notes })
      : textReport(result);
    return { code: findings.length > 0 ? 1 : 0, stdout, stderr: "" };
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof UnreadableFile)) throw error;
    return { code: 2, stdout: "", stderr: `${error.message}\n\n${usage}` };
  }
}
