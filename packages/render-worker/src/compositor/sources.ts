import type { RenderElement } from "@sideline/contracts";
import type { Codec, Media } from "../codec/codec.ts";
import { sizeOfStill } from "../picture/still.ts";
import type { Size } from "../plan/place.ts";
import { type Measured, ownElements } from "../plan/timeline.ts";
import { RenderError } from "../render-error.ts";
import { measureLoudness } from "../sound/loudness.ts";
import { type SpokenPiece, spokenSeconds } from "../sound/tracks.ts";
import { fileKey, type Job } from "./job.ts";
import type { Within } from "./memory.ts";

/** Everything that a render is made of, opened and looked at. */
export interface Sources {
  clip: Media | null;
  /** By feedback. */
  spoken: Map<number, SpokenPiece[]>;
  /** Videos and sounds, by element. */
  media: Map<number, Media>;
  /** Pictures, by element. */
  stills: Map<number, { file: string; size: Size }>;
  measured: Measured;
  close(): void;
}

/** Refuses what is missing, damaged, too large or not of its kind, before anything is drawn. */
export async function openSources(job: Job, codec: Codec, check: Within): Promise<Sources> {
  const opened: Media[] = [];
  const open = async (bucket: string, path: string, what: string): Promise<Media> => {
    const file = fileOf(job, bucket, path, what);
    try {
      const media = await codec.open(file);
      opened.push(media);
      check();
      return media;
    } catch (error) {
      throw error instanceof RenderError
        ? new RenderError(error.code, `${what}: ${error.detail}`)
        : error;
    }
  };
  const sources: Sources = {
    clip: null,
    spoken: new Map(),
    media: new Map(),
    stills: new Map(),
    measured: { clip: null, spoken: new Map(), elements: new Map() },
    close() {
      for (const media of opened) media.close();
    },
  };
  try {
    await openCoaching(job, sources, open);
    for (const element of ownElements(job)) await openElement(job, element, sources, open);
  } catch (error) {
    sources.close();
    throw error;
  }
  const spoken = new Map([...sources.spoken].map(([id, pieces]) => [id, spokenSeconds(pieces)]));
  const elements = new Map([...sources.media].map(([id, media]) => [id, secondsOf(media)]));
  const clip = sources.clip?.pictures?.seconds ?? null;
  return { ...sources, measured: { clip, spoken, elements } };
}

type Open = (bucket: string, path: string, what: string) => Promise<Media>;

async function openCoaching({ coaching }: Job, sources: Sources, open: Open): Promise<void> {
  if (!coaching) return;
  try {
    sources.clip = await open(coaching.source.bucket, coaching.source.path, "the clip");
  } catch (error) {
    // Of the clip its owner reads what is read of it elsewhere.
    if (!(error instanceof RenderError)) throw error;
    if (error.code === "element_missing") throw new RenderError("video_missing", error.detail);
    if (error.code === "element_unreadable")
      throw new RenderError("video_unreadable", error.detail);
    throw error;
  }
  if (!sources.clip.pictures) throw new RenderError("video_unreadable", "the clip: no picture");
  for (const { feedback_id, audio } of coaching.remarks) {
    const pieces: SpokenPiece[] = [];
    for (const { path } of audio) {
      const media = await open("processed", path, `remark ${feedback_id}`);
      if (!media.sound)
        throw new RenderError("element_unreadable", `remark ${feedback_id}: no sound`);
      pieces.push({ media, loudness: await measureLoudness(media.sound.from(0)) });
    }
    sources.spoken.set(feedback_id, pieces);
  }
}

async function openElement(
  job: Job,
  element: RenderElement,
  sources: Sources,
  open: Open,
): Promise<void> {
  const { id, element_type: type, bucket, path } = element;
  const what = `element ${id}`;
  if (type === "text") return;
  if (bucket === null || path === null) throw new RenderError("element_missing", what);
  if (type === "image" || type === "overlay") {
    const file = fileOf(job, bucket, path, what);
    sources.stills.set(id, { file, size: await sizeOfStill(file) });
    return;
  }
  const media = await open(bucket, path, what);
  if (!(type === "video" ? media.pictures : media.sound)) {
    throw new RenderError("element_unreadable", `${what} is no ${type}`);
  }
  sources.media.set(id, media);
}

function fileOf({ files }: Job, bucket: string, path: string, what: string): string {
  const file = files[fileKey(bucket, path)];
  if (file === undefined) throw new RenderError("element_missing", what);
  return file;
}

function secondsOf({ pictures, sound }: Media): number {
  return pictures?.seconds ?? sound?.seconds ?? 0;
}
