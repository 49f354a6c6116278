import { RenderError } from "../render-error.ts";

/** Asked after each thing that is opened, decoded or drawn: what is too much is one of them more, at most. */
export type Within = () => void;

/** Throws RenderError `out_of_memory` when this process takes more bytes than these. */
export function within(bytes: number): Within {
  return () => {
    const taken = process.memoryUsage.rss();
    if (taken > bytes) throw new RenderError("out_of_memory", `it took ${taken} bytes`);
  };
}
