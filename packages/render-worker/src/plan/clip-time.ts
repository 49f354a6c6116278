/** A piece of the made video in which the clip plays, or holds one of its pictures. */
export interface ClipPiece {
  /** Seconds of the made video, end excluded. */
  from: number;
  to: number;
  /** Second of the clip that is shown at `from`. */
  source: number;
  holds: boolean;
}

/** Second of the clip that is seen at this second of the made video. */
export function clipTimeAt(pieces: readonly ClipPiece[], seconds: number): number {
  const piece = pieces.find(({ to }) => seconds < to) ?? pieces.at(-1);
  if (!piece) return 0;
  return piece.holds ? piece.source : piece.source + Math.max(0, seconds - piece.from);
}
