import { limits, type RenderClaim, type RenderElement } from "@sideline/contracts";
import { RenderError } from "../render-error.ts";
import type { ClipPiece } from "./clip-time.ts";
import { planCoaching, type SpokenRemark } from "./coaching.ts";

/** What only the files themselves can tell. Seconds. */
export interface Measured {
  clip: number | null;
  /** Of each remark's sound, by its feedback. */
  spoken: ReadonlyMap<number, number>;
  /** Of each video's or sound's source, by its element. */
  elements: ReadonlyMap<number, number>;
}

export interface PlannedElement {
  element: RenderElement;
  /** Seconds of the made video, end excluded. */
  from: number;
  to: number;
  /** Second of its source at which it begins. */
  trim: number;
}

export interface Timeline {
  seconds: number;
  frames: number;
  pieces: ClipPiece[];
  remarks: SpokenRemark[];
  /** From the lowest layer to the highest. */
  elements: PlannedElement[];
}

export type Composition = Pick<RenderClaim, "elements" | "coaching" | "fps" | "options">;

/** A picture or text that says nothing of its length, where nothing else says how long all is. */
const stillSeconds = 5;

/**
 * What is seen and heard when. Throws RenderError.
 * The coached clip says how long all is, else the render itself, else the end of the last element.
 */
export function planTimeline(composition: Composition, measured: Measured): Timeline {
  const { coaching, fps } = composition;
  const coached = coaching ? planCoaching(coaching, measured.clip ?? 0, measured.spoken) : null;
  const planned = ownElements(composition).map((element) => planElement(element, measured));
  const end = Math.max(0, ...planned.map(({ from, to }) => to ?? from + stillSeconds));
  const wanted = coached?.seconds ?? composition.options.duration_seconds ?? end;
  if (wanted > limits.renderSeconds) throw new RenderError("render_too_long", `${wanted} s`);
  const frames = Math.max(1, Math.round(wanted * fps));
  const seconds = frames / fps;
  return {
    seconds,
    frames,
    pieces: coached?.pieces ?? [],
    remarks: coached?.remarks ?? [],
    elements: planned
      .map(({ to, ...rest }) => ({ ...rest, to: Math.min(to ?? seconds, seconds) }))
      .map((one) => {
        if (one.from >= seconds) throw outOfRange(one.element, "begins after the end");
        return one;
      })
      .sort((a, b) => a.element.layer - b.element.layer || a.element.id - b.element.id),
  };
}

function planElement(element: RenderElement, measured: Measured) {
  const { start_seconds: from, duration_seconds: asked, trim_start_seconds } = element;
  const trim = trim_start_seconds ?? 0;
  const whole = measured.elements.get(element.id);
  if (whole !== undefined && trim >= whole) throw outOfRange(element, "is cut to nothing");
  const natural = whole === undefined ? undefined : whole - trim;
  const length = asked ?? natural;
  return { element, from, to: length === undefined ? undefined : from + length, trim };
}

function outOfRange({ id }: RenderElement, what: string): RenderError {
  return new RenderError("element_out_of_range", `element ${id} ${what}`);
}

/** Those beside the coached clip. */
export function ownElements({
  elements,
  coaching,
}: Pick<Composition, "elements" | "coaching">): RenderElement[] {
  const clip = coaching && clipElement({ elements, coaching });
  return elements.filter((element) => element !== clip);
}

/** The coached clip's own element, which says how it fits. */
export function clipElement({
  elements,
  coaching,
}: Pick<Composition, "elements" | "coaching">): RenderElement | undefined {
  return elements.find(
    ({ element_type, bucket, path }) =>
      element_type === "video" &&
      bucket === coaching?.source.bucket &&
      path === coaching.source.path,
  );
}
