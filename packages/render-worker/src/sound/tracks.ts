import type { Media } from "../codec/codec.ts";
import type { Timeline } from "../plan/timeline.ts";
import { type SoundBlocks, sampleRate } from "./format.ts";
import type { Loudness } from "./loudness.ts";
import type { MixTrack, Span } from "./mixer.ts";

/** A piece of a remark's sound, opened and measured. */
export interface SpokenPiece {
  media: Media;
  loudness: Loudness;
}

export interface TrackSources {
  clip: Media | null;
  duck: boolean;
  /** By feedback. */
  spoken: ReadonlyMap<number, readonly SpokenPiece[]>;
  /** By element. */
  elements: ReadonlyMap<number, Media>;
}

/** What broadcasters of speech on the web aim at. */
const spokenLufs = -16;
/** A voice that is raised further brings its noise along. */
const mostDecibels = 20;
/** What is left of the clip's sound under a remark. */
const duckedGain = 0.2;
const duckSeconds = 0.15;

export function tracksOf(timeline: Timeline, sources: TrackSources): MixTrack[] {
  return [
    ...clipTracks(timeline, sources),
    ...remarkTracks(timeline, sources.spoken),
    ...elementTracks(timeline, sources.elements),
  ];
}

function clipTracks({ pieces, remarks }: Timeline, { clip, duck }: TrackSources): MixTrack[] {
  const sound = clip?.sound;
  if (!sound) return [];
  const spans = pieces.filter(({ holds }) => !holds).map(spanOf);
  const talks = duck ? remarks.map(({ from, spokenTo }) => spanOf({ from, to: spokenTo })) : [];
  return [{ spans, gain: 1, envelope: ducking(talks), open: () => sound.from(0) }];
}

function remarkTracks({ remarks }: Timeline, spoken: TrackSources["spoken"]): MixTrack[] {
  return remarks.flatMap(({ feedbackId, from }) => {
    let at = Math.round(from * sampleRate);
    return (spoken.get(feedbackId) ?? []).flatMap(({ media, loudness }) => {
      const { sound } = media;
      if (!sound) return [];
      const span = { from: at, to: at + loudness.length - loudness.lead };
      at = span.to;
      return [
        {
          spans: [span],
          gain: gainOf(loudness),
          open: () => sound.from(loudness.lead / sampleRate),
        },
      ];
    });
  });
}

function elementTracks({ elements }: Timeline, media: TrackSources["elements"]): MixTrack[] {
  return elements.flatMap(({ element, from, to, trim }) => {
    const sound = media.get(element.id)?.sound;
    const gain = element.volume ?? 1;
    if (!sound || gain === 0) return [];
    return [{ spans: [spanOf({ from, to })], gain, open: (): SoundBlocks => sound.from(trim) }];
  });
}

/** How long a remark's sound is heard, in seconds. */
export function spokenSeconds(pieces: readonly SpokenPiece[]): number {
  const samples = pieces.reduce((sum, { loudness }) => sum + loudness.length - loudness.lead, 0);
  return samples / sampleRate;
}

function gainOf({ lufs }: Loudness): number {
  const decibels = lufs === null ? 0 : Math.min(mostDecibels, spokenLufs - lufs);
  return 10 ** (decibels / 20);
}

function spanOf({ from, to }: { from: number; to: number }): Span {
  return { from: Math.round(from * sampleRate), to: Math.round(to * sampleRate) };
}

/**
 * Goes down before a remark and up after it, linearly.
 * @param talks in their order, one after the other; it is asked for samples in their order too
 */
function ducking(talks: readonly Span[]): (sample: number) => number {
  const ramp = duckSeconds * sampleRate;
  let current = 0;
  const outside = (talk: Span | undefined, sample: number) =>
    talk ? Math.min(1, Math.max(talk.from - sample, sample - talk.to, 0) / ramp) : 1;
  return (sample) => {
    while (sample > (talks[current]?.to ?? sample) + ramp) current += 1;
    const share = Math.min(outside(talks[current], sample), outside(talks[current + 1], sample));
    return duckedGain + (1 - duckedGain) * share;
  };
}
