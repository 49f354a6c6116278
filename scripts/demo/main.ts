/**
 * `npm run demo`: boots the embedded stack in a folder of its own, plays an app's part with one
 * clip, and ends with the feedback and its audio.
 */
import { once } from "node:events";
import { constants } from "node:os";
import { join } from "node:path";
import { serveConsole } from "@sideline/console/serve";
import { stageFunction } from "@sideline/contracts";
import { type Stack, startStack } from "@sideline/local-stack";
import { runCommand } from "@sideline/migration-tools/command";
import { openInBrowser } from "./open-page.ts";
import { type DemoOptions, parseOptions, usage } from "./options.ts";
import { play } from "./play.ts";
import { isOutdated, markSchema } from "./schema-mark.ts";
import { createScreen } from "./screen/screen.ts";
import { demoUser } from "./sign-in.ts";

// A reader that has seen enough (`npm run demo | head`) is no reason to leave the stack behind.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

await runCommand("npm run demo -- --help", async () => {
  const options = parseOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd());
  if (!options.help) return await demo(options);
  console.log(usage);
  return 0;
});
// The Realtime client keeps a timer for ten seconds after it has disconnected.
process.exit();

async function demo(options: DemoOptions): Promise<number> {
  const screen = createScreen(options.json ? process.stderr : process.stdout);
  const running: { stack: Stack | null } = { stack: null };
  const boot = async () => {
    running.stack = await startStack({
      dir: options.stackDirectory,
      port: 0,
      dbPort: 0,
      // A page that stays has a button for coached videos.
      renderWorker: options.render || options.keep,
      prewarm: called(options),
      reset: isOutdated(options.stackDirectory),
      onProgress: (message) => screen.live(message),
    });
    markSchema(options.stackDirectory);
    return running.stack;
  };
  // Before the stack is up there is nothing to stop: what it started ends with this process.
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    // Not `once`: libraries that find no other listener any more end the process in mid-stop.
    process.on(signal, async () => {
      if (isStopping) process.exit(128 + constants.signals[signal]);
      isStopping = true;
      screen.line("Stopped.");
      await running.stack?.stop();
      process.exit(128 + constants.signals[signal]);
    });
  }

  const { exitCode, result } = await play(options, screen, boot);
  if (options.json) console.log(JSON.stringify(result));
  if (options.keep && running.stack) {
    const { apiUrl, dbUrl, publishableKey, dir } = running.stack;
    const served = await serveConsole({
      project: running.stack,
      outDirectory: join(dir, "console"),
    });
    const page =
      result.recordingId === null ? served.url : `${served.url}#/recordings/${result.recordingId}`;
    screen.line(`See and hear it: ${page}`);
    screen.line(`Sign in there as ${demoUser.email} with the password ${demoUser.password}`);
    if (options.open && !(await openInBrowser(page))) {
      screen.line("No browser could be opened here; the address above is its page.");
    }
    screen.line(`Still running until Ctrl-C: ${apiUrl} with key ${publishableKey}, ${dbUrl}`);
    await once(process, "SIGHUP");
    await served.close();
  } else if (exitCode === 0) {
    screen.line("The stack has ended. See and hear it in your browser: npm run demo -- --open");
  }
  await running.stack?.stop();
  return exitCode;
}

/** The functions that a run calls, in this order. */
function called({ brief }: DemoOptions): string[] {
  const { draft, ...always } = stageFunction;
  return [...(brief === undefined ? [] : [draft]), ...Object.values(always)];
}
