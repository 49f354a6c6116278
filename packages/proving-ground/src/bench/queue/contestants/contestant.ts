/** Items that a contestant is given: the same words for all, about 300 bytes. */
export const words = {
  message: `${"Keep your weight over the middle of the foot as you turn, and look where you want to go. ".repeat(2)}`,
  drill: "Ten slow turns on an easy slope, hands in front, counting to three in each.",
  ssml: `<speak>${"Keep your weight over the middle of the foot as you turn, and look where you want to go. ".repeat(2)}</speak>`,
};

/** How a contestant is set up for a measurement. */
export interface Form {
  contestant: string;
  /** `default`, `tuned`, … */
  name: string;
  /** What it was told, for the report. */
  settings: string;
}

export interface Work {
  /** Items a worker takes at once, where that can be said. */
  batch: number;
  /** Whether the work writes a segment and a status that the user reads. */
  effect: boolean;
  connections: number;
  /** Called when items are finished and committed, or as near to it as the contestant tells. */
  done(ids: readonly number[]): void;
}

/** Workers under way. */
export interface Running {
  /** Returns when what was begun is finished or given back, and all connections are closed. */
  stop(): Promise<void>;
}

/** One database of one contestant, with its history of finished rows. */
export interface Place {
  /** Tops the queue up to `depth` ready items. */
  fill(depth: number, withDomainRows: boolean): Promise<void>;
  /** Unfinished items. */
  unfinished(): Promise<number>;
  work(form: Form, work: Work): Promise<Running>;
  /** Milliseconds of `count` claims of one item by one worker; each item is finished outside of it. */
  claimLatencies(count: number): Promise<number[]>;
}

export interface Contestant {
  name: string;
  /** Makes tables and history in the empty (or, for Sideline, migrated) database. */
  prepare(url: string, history: number): Promise<void>;
  /** @param adminUrl the same database as superuser */
  open(url: string, adminUrl: string): Promise<Place>;
  /** The forms that make sense for this batch size. */
  forms(batch: number): Form[];
}
