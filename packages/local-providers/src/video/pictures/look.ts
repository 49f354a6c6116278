import { type EncodedPacket, EncodedPacketSink, type InputVideoTrack } from "mediabunny";
import { PICTURE_STEP } from "../activity.ts";
import { changeBetween } from "../change.ts";
import { reading, UnreadableVideoError } from "../unreadable-video.ts";
import { PictureDecoder } from "./decoder.ts";
import type { GroupedPicture, Picture } from "./picture.ts";
import { type FrameGroup, planGroups } from "./plan.ts";

/** A track and what is known of its frames. Of a hybrid file there are two views of one. */
export interface FrameSource {
  track: InputVideoTrack;
  groups: readonly FrameGroup[];
}

export interface Look {
  /** In order of time. */
  pictures: GroupedPicture[];
  /** False where some were left out because all would take too long. */
  isWhole: boolean;
}

/** Millions of pixels that one file may cost: two minutes of 1080p at 25 frames a second, some 25 seconds of one core. */
const MOST_MEGAPIXELS = 6_000;
/** Of that, for a first look at one picture of each group. */
const FIRST_LOOK_SHARE = 0.25;
const MOST_MILLISECONDS = 60_000;
/** Frames on average: of longer groups none but the begins could be looked at, so all is read while there is time. */
const LONGEST_GROUP = 1000;
/** Above this rate those frames tell enough from which others are made. */
const RICH_FRAME_RATE = 23;
/** What the others are of all, or nearly. */
const REFERENCED_SHARE = 0.6;

/**
 * Looks at the pictures of a track: at all of them, some eight a second, or where that would take
 * too long at one of each group of frames, then at the groups between or in which most changes, and at
 * others spread over the whole length. Null where they cannot be decoded.
 */
export async function lookAt(
  sources: readonly FrameSource[],
  path: string,
  frameRate: number,
): Promise<Look | null> {
  const until = performance.now() + MOST_MILLISECONDS;
  const pictures: Picture[] = [];
  let isWhole = true;
  for (const { track, groups } of sources) {
    const megapixels = ((await track.getCodedWidth()) * (await track.getCodedHeight())) / 1e6;
    const most = MOST_MEGAPIXELS / sources.length / megapixels;
    const total = groups.reduce((sum, { frames }) => sum + frames, 0);
    const isTooMuch = total > most;
    const skipsUnreferenced = isTooMuch || frameRate > RICH_FRAME_RATE;
    const onPicture = (picture: Picture) => pictures.push(picture);
    const options = { skipsUnreferenced, step: PICTURE_STEP, onPicture };
    const decoder = await PictureDecoder.open(track, path, options);
    if (decoder === null) return null;
    const reader = new GroupReader(track, decoder, until);
    try {
      const frames = most / (skipsUnreferenced ? REFERENCED_SHARE : 1);
      const readsAll = total <= frames || total > LONGEST_GROUP * groups.length;
      if (readsAll) await reader.readAll(total);
      else await readParts(reader, groups, frames, pictures);
      if (decoder.isTorn) return null;
      isWhole &&= readsAll && !reader.isLate;
    } finally {
      decoder.close();
    }
  }
  const starts = sources.flatMap(({ groups }) => groups.map(({ time }) => time));
  return {
    pictures: grouped(
      inOrder(pictures),
      starts.sort((a, b) => a - b),
    ),
    isWhole,
  };
}

async function readParts(
  reader: GroupReader,
  groups: readonly FrameGroup[],
  mostFrames: number,
  pictures: readonly Picture[],
): Promise<void> {
  const stride = Math.ceil(groups.length / (FIRST_LOOK_SHARE * mostFrames));
  const first = new Map<number, Picture>();
  for (let index = 0; index < groups.length; index += stride) {
    const known = pictures.length;
    await reader.read(groups[index], 1);
    const picture = pictures[known];
    if (picture !== undefined) first.set(index, picture);
  }
  const weights = groups.map((_, index) => {
    const at = index - (index % stride);
    const [before, behind] = [first.get(at), first.get(at + stride)];
    if (before === undefined || behind === undefined) return 0;
    return changeBetween(before.cells, behind.cells, before.cells).mean;
  });
  // A movement ends in a group beside those that changed.
  const weightOf = (index: number) =>
    Math.max(weights[index] ?? 0, (weights[index - 1] ?? 0) / 2, (weights[index + 1] ?? 0) / 2);
  // What comes and goes within one group shows in its size alone.
  const sizeOf = (index: number) =>
    (groups[index]?.changeBytes ?? 0) / (groups[index]?.frames ?? 1);
  const plan = planGroups(groups, mostFrames * (1 - FIRST_LOOK_SHARE), [weightOf, sizeOf]);
  for (const group of groups) await reader.read(group, plan.get(group) ?? 0);
}

/** Decodes groups of frames until its time is over. */
class GroupReader {
  readonly #sink: EncodedPacketSink;
  readonly #decoder: PictureDecoder;
  readonly #until: number;

  constructor(track: InputVideoTrack, decoder: PictureDecoder, until: number) {
    this.#sink = new EncodedPacketSink(track);
    this.#decoder = decoder;
    this.#until = until;
  }

  /** Whether its time is over. */
  get isLate(): boolean {
    return performance.now() > this.#until;
  }

  async readAll(frames: number): Promise<void> {
    await this.#run(() => this.#sink.getFirstPacket(), Number.NEGATIVE_INFINITY, frames);
  }

  async read(group: FrameGroup | undefined, frames: number): Promise<void> {
    if (group === undefined || frames === 0) return;
    await this.#run(() => this.#sink.getKeyPacket(group.time), group.time, frames);
  }

  async #run(
    findFirst: () => Promise<EncodedPacket | null>,
    from: number,
    frames: number,
  ): Promise<void> {
    this.#decoder.begin(from);
    try {
      let packet = await reading(findFirst);
      for (let count = 0; packet !== null && count < frames && !this.isLate; count++) {
        const last: EncodedPacket = packet;
        this.#decoder.decode(last);
        packet = await reading(() => this.#sink.getNextPacket(last));
      }
    } catch (error) {
      // The frames are listed, and what is there of them ends here.
      if (!(error instanceof UnreadableVideoError)) throw error;
    }
    this.#decoder.end();
  }
}

/** Two may have been read of one moment: as the first of a group and within the groups. */
function inOrder(pictures: Picture[]): Picture[] {
  pictures.sort((a, b) => a.time - b.time);
  return pictures.filter(
    ({ time }, index) => time - (pictures[index - 1]?.time ?? Number.NEGATIVE_INFINITY) > 1e-4,
  );
}

function grouped(pictures: readonly Picture[], starts: readonly number[]): GroupedPicture[] {
  let group = 0;
  return pictures.map((picture) => {
    while ((starts[group] ?? Number.POSITIVE_INFINITY) < picture.time + 1e-5) group += 1;
    return { ...picture, group };
  });
}
