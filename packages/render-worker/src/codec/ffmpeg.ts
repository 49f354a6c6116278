import { registerMediabunnyServer } from "@mediabunny/server";
import { ALL_FORMATS, FilePathSource, Input } from "mediabunny";
import * as av from "node-av";
import { RenderError } from "../render-error.ts";
import type { Codec, Media } from "./codec.ts";
import { readPictures } from "./read-pictures.ts";
import { readSound } from "./read-sound.ts";
import { write } from "./write.ts";

/**
 * FFmpeg, whose build is GPL: this folder is all that knows of it, and only the compositor's own
 * process loads it. Nothing is left to the graphics card, so that all machines make the same.
 */
export function ffmpeg(): Codec {
  registerMediabunnyServer({ hardwareContext: null });
  av.Log.setLevel(av.AV_LOG_QUIET);
  return { open, write };
}

/** Of each file. They lie on this machine's disk, and are read from their beginning to their end. */
const cacheBytes = 1024 ** 2;

async function open(file: string): Promise<Media> {
  const input = new Input({
    formats: ALL_FORMATS,
    source: new FilePathSource(file, { maxCacheSize: cacheBytes }),
  });
  try {
    return await openInput(input);
  } catch (error) {
    input.dispose();
    if (error instanceof RenderError) throw error;
    throw new RenderError("element_unreadable", "it cannot be opened", error);
  }
}

async function openInput(input: Input): Promise<Media> {
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  if (!video && !audio) throw new RenderError("element_unreadable", "neither picture nor sound");
  const origin = await originOf(input);
  const pictures = video && (await video.canDecode()) ? await readPictures(video, origin) : null;
  const sound = audio && (await audio.canDecode()) ? await readSound(audio, origin) : null;
  if (!pictures && !sound) throw new RenderError("element_unreadable", "an unknown coding");
  return {
    pictures,
    sound,
    close() {
      pictures?.close();
      input.dispose();
    },
  };
}

/**
 * Second of the file at which a player's time begins. A recording of a running stream begins
 * wherever the stream was; a file that knows its length counts from zero, unless it plainly does not.
 */
async function originOf(input: Input): Promise<number> {
  const first = await input.getFirstTimestamp();
  const promised = await input.getDurationFromMetadata();
  return first <= 0 || (promised !== null && first < promised) ? 0 : first;
}
