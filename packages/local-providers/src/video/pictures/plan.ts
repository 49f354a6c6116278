/** Frames that are decoded together: one that stands alone, and those that are made from it. */
export interface FrameGroup {
  /** When its first frame is shown. Seconds of the track's own time. */
  time: number;
  frames: number;
  /** Of the frames that are made from it: much where much changes, unless an encoder spends evenly. */
  changeBytes: number;
}

/** Frames to decode, of each group that is named, at most. */
export type Plan = ReadonlyMap<FrameGroup, number>;

/**
 * Everything, where it may cost so many frames; otherwise the groups of the most weight, by one weight
 * and the other in turn, and, between them, evenly spread ones.
 */
export function planGroups(
  groups: readonly FrameGroup[],
  mostFrames: number,
  weights: readonly ((index: number) => number)[],
): Plan {
  const total = groups.reduce((sum, { frames }) => sum + frames, 0);
  const plan = new Map<FrameGroup, number>();
  let left = mostFrames;
  const take = (group: FrameGroup | undefined) => {
    if (group === undefined || plan.has(group) || left <= 0) return;
    plan.set(group, Math.min(group.frames, left));
    left -= group.frames;
  };
  if (total <= mostFrames) {
    for (const group of groups) take(group);
    return plan;
  }
  const spread = Math.max(1, Math.ceil((SPREAD_SHARE * mostFrames * groups.length) / total));
  for (let index = 0; index < spread; index++) {
    if (left <= (1 - SPREAD_SHARE) * mostFrames) break;
    take(groups[Math.floor((index * groups.length) / spread)]);
  }
  const orders = weights.map((weightOf) => {
    const order = groups.map((group, index) => ({ group, index, weight: weightOf(index) }));
    return order.sort((a, b) => b.weight - a.weight || a.index - b.index);
  });
  for (const place of groups.keys()) for (const order of orders) take(order[place]?.group);
  return plan;
}

/** Of what may be decoded, so much goes to the whole length, so that nothing hangs on the weights alone. */
const SPREAD_SHARE = 0.4;
