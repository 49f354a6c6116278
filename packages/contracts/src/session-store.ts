import type { Brief, HoleType, HoleValue } from "./brief.ts";
import type { StageStatus } from "./stages.ts";

export type SessionStatus = "open" | "ready" | "archived";
export type RevisionCause = "created" | "edited" | "resolved" | "drafted" | "reverted";

/** A line of a list of sessions. */
export interface SessionLine {
  id: number;
  title: string;
  /** What the owner asked for, in their words. */
  request: string;
  status: SessionStatus;
  /** Number of the latest revision. */
  revision: number;
  revisionCount: number;
  draftCount: number;
  /** Answers to holes. */
  holeCount: number;
  createdAt: string;
  updatedAt: string;
}

export interface Session extends SessionLine {
  /** As of its latest revision. */
  brief: Brief;
}

export interface BriefChange {
  /** E.g. `/rules/toss_height`. */
  path: string;
  before: unknown;
  after: unknown;
}

export interface SessionRevision {
  revision: number;
  cause: RevisionCause;
  revertedTo: number | null;
  brief: Brief;
  diff: BriefChange[];
  note: string | null;
  createdAt: string;
}

export interface SessionDraft {
  id: number;
  request: string;
  status: StageStatus;
  errorCode: string | null;
  /** What came of it; null until then. */
  brief: Brief | null;
  model: string | null;
  promptVersion: string | null;
  inputTokens: number;
  outputTokens: number;
  /** Millionths of the currency of the prices, US dollars by default. */
  costMicros: number;
  milliseconds: number;
  /** What its first reply was: JSON, of a brief's form, keeping a brief's rules. Null: none yet. */
  validation: { syntax: boolean; schema: boolean; rules: boolean } | null;
  isRepaired: boolean;
  faults: string[];
  outcome: "applied" | "superseded" | null;
  appliedRevision: number | null;
  createdAt: string;
  /** When its status last changed. */
  updatedAt: string;
}

export interface HoleResolution {
  id: number;
  holeId: string;
  type: HoleType;
  question: string;
  unit: string | null;
  value: HoleValue;
  /** The owner's own answer, or the one that the hole suggested. */
  method: "answered" | "default";
  /** Who answered; null for a worker. */
  resolvedBy: string | null;
  /** The revision that it made. */
  revision: number;
  createdAt: string;
}

export interface SessionHistory {
  /** Each newest first, at most a hundred. */
  revisions: SessionRevision[];
  drafts: SessionDraft[];
  resolutions: HoleResolution[];
}

export interface SessionFilter {
  status?: SessionStatus;
  /** Words of title, request and rules. */
  words?: string;
  /** Category of a rule. */
  category?: string;
  /** Sessions of a page; 20 unless said otherwise, at most 100. */
  limit?: number;
  /** `next` of the page before. */
  after?: string;
}

export interface SessionPage {
  sessions: SessionLine[];
  /** For `after`; null on the last page. */
  next: string | null;
}

export interface NewRevision {
  /** The revision that was changed; refused as `stale_revision` where that is not the latest. */
  base: number;
  brief: Brief;
  note?: string;
}

export interface NewResolution {
  base: number;
  holeId: string;
  /** The answer, or nothing to take what the hole suggests. */
  value?: HoleValue;
}

/**
 * The owner's sessions. What is refused throws an error with a `code`: `stale_revision` where
 * somebody else was first, `not_found`, `invalid_request` with a sentence.
 */
export interface SessionStore {
  create(session: { title?: string; request?: string; brief?: Brief }): Promise<Session>;
  get(id: number): Promise<Session>;
  update(
    id: number,
    changes: { title?: string; request?: string; status?: "open" | "archived" },
  ): Promise<Session>;
  delete(id: number): Promise<void>;
  /** Latest changed first. */
  list(filter?: SessionFilter): Promise<SessionPage>;
  saveRevision(id: number, revision: NewRevision): Promise<Session>;
  /** Asks a model for a brief; what comes of it is read by `history`. */
  saveDraft(id: number, request?: string): Promise<SessionDraft>;
  saveResolution(id: number, resolution: NewResolution): Promise<Session>;
  history(id: number): Promise<SessionHistory>;
  /** Repeats an earlier revision as the latest. */
  revert(id: number, to: { base: number; revision: number }): Promise<Session>;
}
