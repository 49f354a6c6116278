// @ts-check
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { startActivity } from "./activity.mjs";
import { root } from "./root.mjs";

const flags = [
  "--no-audit",
  "--no-fund",
  // Tells of every request, which `isOffline` reads; and whoever runs `npm --silent` would silence
  // the reason of a failure too.
  "--loglevel=http",
  // npm's own pauses between attempts are 10 and 60 s.
  "--fetch-retry-mintimeout=1000",
  "--fetch-retry-maxtimeout=5000",
];

/**
 * Runs npm quietly, one line on the screen while it works.
 * @param {string[]} args e.g. ["install"]
 * @param {string} directory where to run it
 * @param {string} activity what to tell the person waiting, e.g. "Installing dependencies"
 * @throws Error with one sentence that says what to do
 */
export async function runNpm(args, directory, activity) {
  const [command = "npm", ...first] = npmCommand();
  const line = startActivity(activity);
  const child = spawn(command, [...first, ...args, ...flags], {
    cwd: directory,
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const stop = () => child.kill("SIGTERM");
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => {
    output += chunk;
    if (isOffline(output)) stop();
  });
  process.once("exit", stop);
  const code = await new Promise((resolve) => {
    child.once("error", (error) => {
      output += `npm error ${error.message}\n`;
      resolve(1);
    });
    child.once("close", (exitCode) => resolve(exitCode ?? 1));
  });
  process.off("exit", stop);
  line.end(code === 0);
  if (code !== 0) throw new Error(explainFailure(output, activity));
}

/**
 * Several requests failed on the network and none got through. npm itself would go on for minutes,
 * one retry after another.
 * @param {string} output
 */
function isOffline(output) {
  const failures = output.match(/attempt \d+ failed with E[A-Z_]+/g)?.length ?? 0;
  return failures >= 3 && !/http fetch [A-Z]+ [1-5]\d\d /.test(output);
}

/** The npm that started us, so that the same version does all the work; else the one on the path. */
function npmCommand() {
  const path = process.env.npm_execpath;
  return path && basename(path) === "npm-cli.js" ? [process.execPath, path] : ["npm"];
}

/**
 * What `npm run` adds to the environment of its scripts would point the inner npm elsewhere. And
 * where npm runs every install script, the video encoder's would download a program nobody calls.
 */
function cleanEnvironment() {
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, SKIP_FFMPEG: "true" };
  for (const name of Object.keys(env)) {
    if (/^npm_(package|lifecycle|command|config_(local_|global_)?prefix$)/.test(name)) {
      delete env[name];
    }
  }
  return env;
}

/** For a person who may read the project but not write in it. */
export const noPermission = `This user has no permission to write in ${root}. Give it the folder, then run the command again.`;

/**
 * @param {string} output all that npm printed
 * @param {string} activity
 */
function explainFailure(output, activity) {
  const log = join(root, ".local", "setup.log");
  mkdirSync(join(root, ".local"), { recursive: true });
  writeFileSync(log, output);
  const what = activity.toLowerCase();
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network/.test(output)) {
    return `Could not reach the npm registry while ${what}. Check the network (or proxy) and run the command again.`;
  }
  if (/EACCES|EPERM|EROFS/.test(output)) return noPermission;
  if (/ENOSPC/.test(output)) return `The disk is full: ${what} needs about 1.2 GB.`;
  const reason = output.match(/npm (?:error|ERR!) (?!code|errno|A complete log)(.+)/)?.[1];
  return `npm failed while ${what}: ${reason ?? "no reason given"}. Its full output is in ${log}.`;
}
