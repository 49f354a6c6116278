import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";

const FOLDER = import.meta.dirname;
const STAMP = join(FOLDER, "node_modules/.installed");

/** The programs that make clips and tell the truth about them. */
export interface Tools {
  ffmpeg: string;
  ffprobe: string;
}

/**
 * ffmpeg and ffprobe as npm packages carry them: installed beside this file when first asked for,
 * because nothing but clips needs their 140 MB. `FFMPEG` and `FFPROBE` name others instead.
 */
export async function findTools(): Promise<Tools> {
  const { FFMPEG: ffmpeg, FFPROBE: ffprobe } = process.env;
  if (ffmpeg !== undefined && ffprobe !== undefined) return { ffmpeg, ffprobe };
  await install();
  return { ffmpeg: await programOf("ffmpeg"), ffprobe: await programOf("ffprobe") };
}

async function install(): Promise<void> {
  const wanted = await readFile(join(FOLDER, "package-lock.json"), "utf8");
  if (existsSync(STAMP) && (await readFile(STAMP, "utf8")) === wanted) return;
  const flags = ["--workspaces=false", "--ignore-scripts", "--no-audit", "--no-fund"];
  const npm = spawn("npm", ["ci", ...flags], { cwd: FOLDER, stdio: ["ignore", 2, 2] });
  const [code] = await once(npm, "close");
  if (code !== 0) throw new Error("npm could not install ffmpeg; its words are above.");
  await writeFile(STAMP, wanted);
}

async function programOf(name: string): Promise<string> {
  const load = createRequire(join(FOLDER, "package.json"));
  const { path } = z.object({ path: z.string() }).parse(load(`@${name}-installer/${name}`));
  // Their install scripts would do this; not every npm runs them.
  await chmod(path, 0o755);
  return path;
}

/** These static builds crash on a transport stream's names where they find the system's converters. */
const ENVIRONMENT = { ...process.env, GCONV_PATH: "/nonexistent" };

/** Runs a program to its end; what it wrote to stdout. Throws with its last words when it fails. */
export async function run(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], env: ENVIRONMENT });
  let said = "";
  let words = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    words = (words + text).slice(-2_000);
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${args.join(" ")} ended with code ${code}: ${words.trim()}`);
  return said;
}
