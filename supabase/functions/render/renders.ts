import type { CoachedOptions, RenderResponse } from "@sideline/contracts";
import type { Caller } from "../_shared/http/caller.ts";

/** Renders as their owner sees them: what is somebody else's is not there. */
export interface Renders {
  /** Composes the coached video of a recording and starts it; its id. Throws HttpError. */
  compose(caller: Caller, recordingId: number, options: ComposeOptions): Promise<number>;
  /** Starts what was put together. Throws HttpError. */
  start(caller: Caller, renderJobId: number): Promise<void>;
  /** Stops it, unless it has ended. Throws HttpError. */
  cancel(caller: Caller, renderJobId: number): Promise<void>;
  read(caller: Caller, renderJobId: number): Promise<RenderResponse | null>;
}

export type ComposeOptions = CoachedOptions & { response_type: "immediate" | "async" };

/** What a link opens. */
export interface SharedFile {
  path: string;
  format: string;
}

export interface Links {
  /** Null where the link is unknown or has ended. */
  open(token: string, visit: Visit): Promise<SharedFile | null>;
}

/** What is kept of whoever opens a link. */
export interface Visit {
  agent?: string;
  country?: string;
  /** False for a further piece of a file that is being played. */
  counts: boolean;
}
