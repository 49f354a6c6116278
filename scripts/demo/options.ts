import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type CoachedOptions, coachedOptionsSchema } from "@sideline/contracts";
import { UsageError } from "@sideline/migration-tools/command";
import { projectRoot } from "../project-root.ts";

export interface DemoOptions {
  /** Absolute path of the clip. */
  video: string;
  /** Name of a voice in `coach_voices`; undefined leaves the choice to the language. */
  voice: string | undefined;
  /** BCP 47 tag of the language to answer and to speak in. */
  language: string | undefined;
  /** What to look for, in anybody's words; undefined leaves it to the model. */
  brief: string | undefined;
  /** Also makes the coached video. */
  render: boolean;
  /** Pixels of its short side. */
  size: CoachedOptions["size"];
  json: boolean;
  keep: boolean;
  /** Opens the recording's page in a browser; keeps the stack. */
  open: boolean;
  help: boolean;
  /** Data directory of the demo's own stack. */
  stackDirectory: string;
  /** Folder that gets `<recording>/….wav`. */
  outDirectory: string;
}

export const usage = `Usage: npm run demo [-- options]

Uploads a clip to an embedded Supabase stack and turns it into spoken feedback.

  --video FILE   the clip (mp4, mov, webm, 3gp); default: samples/rally.mp4
  --language TAG the language of the feedback, e.g. de-DE; default: en-US
  --voice NAME   who speaks, e.g. Morgan; default: the language's own voice
  --brief TEXT   what to look for, e.g. "the toss, the left arm; skip the footwork; for a child"
  --render       also make the coached video: one file to send
  --size N       of the coached video: 360, 480, 720 or 1080; default: 720
  --json         print one JSON object as the last line of stdout; all else goes to stderr
  --keep         leave the stack running afterwards, with a page to see and hear it, until Ctrl-C
  --open         the same, and open the page in your browser
  --dir DIR      data directory of the stack; default: .local/demo
  --out DIR      folder for the audio and the video; default: out
  --help         show this text

Exit code: 0 all feedback is audible, 1 the clip could not be analysed, 2 wrong usage.`;

/**
 * @param startedIn where the person typed the command; npm runs scripts from the project's root
 * @throws UsageError, or what `parseArgs` throws
 */
export function parseOptions(args: string[], startedIn: string): DemoOptions {
  const { values } = parseArgs({
    args,
    options: {
      video: { type: "string" },
      voice: { type: "string" },
      language: { type: "string" },
      brief: { type: "string" },
      render: { type: "boolean" },
      size: { type: "string" },
      json: { type: "boolean" },
      keep: { type: "boolean" },
      open: { type: "boolean" },
      dir: { type: "string" },
      out: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
  });
  const place = (given: string | undefined, otherwise: string) =>
    given === undefined ? resolve(projectRoot, otherwise) : resolve(startedIn, given);
  return {
    video: place(values.video, "samples/rally.mp4"),
    voice: values.voice,
    language: languageTag(values.language),
    brief: values.brief,
    render: values.render ?? false,
    size: size(values.size),
    json: values.json ?? false,
    keep: values.keep ?? values.open ?? false,
    open: values.open ?? false,
    help: values.help ?? false,
    stackDirectory: place(values.dir, ".local/demo"),
    outDirectory: place(values.out, "out"),
  };
}

function languageTag(given: string | undefined): string | undefined {
  if (given === undefined) return undefined;
  try {
    return Intl.getCanonicalLocales(given)[0];
  } catch {
    throw new UsageError(`${JSON.stringify(given)} is no language tag: use one like de-DE.`);
  }
}

function size(given: string | undefined): CoachedOptions["size"] {
  const known = coachedOptionsSchema.shape.size.safeParse(given && Number(given));
  if (known.success) return known.data;
  throw new UsageError(`--size ${given} is none: use 360, 480, 720 or 1080.`);
}
