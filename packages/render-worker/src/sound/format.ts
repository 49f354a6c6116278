/** All sound inside the compositor: 32-bit floats, left and right interleaved, at one rate. */
export const sampleRate = 48_000;
export const channels = 2;

/** Blocks of interleaved sound, one after the other without a gap. */
export type SoundBlocks = AsyncIterable<Float32Array>;
