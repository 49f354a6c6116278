import { globSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { projectRoot } from "../project-root.ts";
import { bootAndAskHealth } from "./boot.ts";
import { deployFunctions } from "./deploy-functions.ts";
import { type Deployment, startRecordingServer } from "./recording-server.ts";

export interface Rehearsal {
  name: string;
  fileCount: number;
  /** Size of all uploaded files. */
  bytes: number;
  /** From the start of Deno to the answer of `/health`. */
  bootMs: number;
}

/** The names of all functions, from their folders. */
export function functionNames(): string[] {
  const entries = globSync("supabase/functions/*/index.ts", { cwd: projectRoot });
  return entries.map((entry) => basename(dirname(entry))).sort();
}

/**
 * Deploys all functions with the real CLI.
 * @returns what it uploaded for each
 * @throws Error with the CLI's words
 */
export async function deployAll(): Promise<Deployment[]> {
  const home = await mkdtemp(join(tmpdir(), "sideline-deploy-"));
  const server = await startRecordingServer();
  try {
    await deployFunctions(functionNames(), server.url, home);
    return server.deployments;
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}

/**
 * Unpacks what was uploaded for a function in an empty folder beside the npm packages it names,
 * boots it there and asks it for its health.
 * @throws Error that says which of these did not work
 */
export async function rehearse(name: string, deployments: Deployment[]): Promise<Rehearsal> {
  const [deployment, ...others] = deployments.filter(({ slug }) => slug === name);
  if (!deployment || others.length > 0) throw new Error(`the CLI did not upload ${name} just once`);
  const strangers = deployment.files.map(({ path }) => path).filter(doesNotBelong);
  if (strangers.length > 0) throw new Error(`uploaded, but no part of it: ${strangers.join(", ")}`);
  const place = await mkdtemp(join(tmpdir(), "sideline-upload-"));
  try {
    await unpack(deployment, place);
    const bootMs = await bootAndAskHealth(name, deployment, place);
    return {
      name,
      fileCount: deployment.files.length,
      bytes: deployment.files.reduce((sum, { bytes }) => sum + bytes.length, 0),
      bootMs,
    };
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

/** Tests and samples stay at home, and the GPL speech engine and video encoder with their packages. */
function doesNotBelong(path: string): boolean {
  return /\.test\.ts$|(^|\/)(tests?|samples|local-providers|local-stack|render-worker|node_modules)\/|espeak|node-av|\.env/.test(
    path,
  );
}

async function unpack(deployment: Deployment, place: string): Promise<void> {
  for (const { path, bytes } of deployment.files) {
    if (path.startsWith("/") || path.split("/").includes("..")) {
      throw new Error(`uploaded from outside the project: ${path}`);
    }
    const file = join(place, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
  for (const name of packagesNamedBy(deployment)) {
    const link = join(place, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(projectRoot, "node_modules", name), link);
  }
}

/** Names of the npm packages in the uploaded import map, e.g. "@supabase/server". */
function packagesNamedBy({ metadata, files }: Deployment): Set<string> {
  const map = files.find(({ path }) => path === metadata.importMap);
  if (!map) throw new Error("its deno.json was not uploaded");
  const { imports = {} }: { imports?: Record<string, string> } = JSON.parse(
    new TextDecoder().decode(map.bytes),
  );
  const names = Object.values(imports).flatMap((target) => {
    const [, name] = /^npm:(@[^/]+\/[^@/]+|[^@/]+)/.exec(target) ?? [];
    return name ? [name] : [];
  });
  return new Set(names);
}
