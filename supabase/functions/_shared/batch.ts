export interface BatchOptions<T> {
  /** Sends what has come together. May throw: then it is lost, and told to `onLost`. */
  send(items: T[]): Promise<void>;
  onLost(error: unknown, count: number): void;
  /** Keeps the isolate alive until the promise settles. */
  background(task: Promise<unknown>): void;
  /** So long items come together, in milliseconds. */
  waitMs: number;
  /** So many are sent at once; what comes beyond while they wait is dropped and counted as lost. */
  most: number;
}

/** Collects what is told beside the work, so that many tellings are one call. Never throws. */
export function createBatch<T>(options: BatchOptions<T>): (item: T) => void {
  let waiting: T[] = [];
  let dropped = 0;

  const sendAll = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, options.waitMs));
    const items = waiting;
    if (dropped > 0) options.onLost(new Error("too many at once"), dropped);
    waiting = [];
    dropped = 0;
    await options.send(items).catch((error: unknown) => options.onLost(error, items.length));
  };

  return (item) => {
    if (waiting.length >= options.most) {
      dropped++;
      return;
    }
    waiting.push(item);
    if (waiting.length === 1) options.background(sendAll());
  };
}
