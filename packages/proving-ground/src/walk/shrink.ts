/**
 * A shorter list that still fails: drops ever smaller stretches for as long as it does.
 * @param fails replays a list; answers with what it really did up to the failure, or null where
 *   nothing failed
 * @param patience milliseconds after which the shortest list so far has to do
 */
export async function shrink<T>(
  list: readonly T[],
  fails: (list: readonly T[]) => Promise<readonly T[] | null>,
  patience = 60_000,
): Promise<readonly T[]> {
  const end = performance.now() + patience;
  let shortest = list;
  let stretch = Math.ceil(list.length / 2);
  while (stretch >= 1 && performance.now() < end) {
    const before = shortest.length;
    for (let from = 0; from < shortest.length && performance.now() < end; ) {
      const failed = await fails(shortest.toSpliced(from, stretch));
      if (failed && failed.length < shortest.length) shortest = failed;
      else from += stretch;
    }
    // Single steps are tried again until each of them is needed.
    stretch = stretch > 1 ? Math.ceil(stretch / 2) : shortest.length < before ? 1 : 0;
  }
  return shortest;
}
