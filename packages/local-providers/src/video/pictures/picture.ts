/** A picture made tiny: the mean brightness of each of a few thousand cells, in which grain evens out. */
export interface Picture {
  /** Seconds of the track's own time. */
  time: number;
  cells: Uint8Array;
}

/** With those that are decoded from the same first one. */
export interface GroupedPicture extends Picture {
  group: number;
}
