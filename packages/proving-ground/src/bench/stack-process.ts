/**
 * A stack in a process of its own: `node stack-process.ts '{"dir":…,"functionsEnv":{…}}'`. Prints
 * where it is as one line of JSON, and ends when its standard input does.
 */
import { startStack } from "@sideline/local-stack";
import { z } from "zod";

const optionsSchema = z.object({
  dir: z.string(),
  functionsEnv: z.record(z.string(), z.string()).nullable(),
});

const { dir, functionsEnv } = optionsSchema.parse(JSON.parse(process.argv[2] ?? ""));
// Ctrl-C reaches the whole group; the bench says when to end.
process.on("SIGINT", () => {});
const stack = await startStack({
  dir,
  port: 0,
  dbPort: 0,
  ...(functionsEnv === null ? {} : { providers: "environment", functionsEnv }),
  log: (line) => console.error(line),
});
const { stop, ...place } = stack;
console.log(JSON.stringify(place));
process.stdin.on("end", () => void stop().then(() => process.exit()));
process.stdin.resume();
