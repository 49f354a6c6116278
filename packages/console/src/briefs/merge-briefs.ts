import type { Brief } from "@sideline/contracts";

/**
 * What somebody typed into a brief, put onto a newer one: their changes stay, and all else is as the
 * newer one has it. Where both changed the same part, what was typed wins; the other's words stay in
 * the revision that has them.
 */
export function mergeBriefs(base: Brief, typed: Brief, newer: Brief): Brief {
  const pick = <Key extends keyof Brief>(key: Key): Brief[Key] =>
    isSame(typed[key], base[key]) ? newer[key] : typed[key];
  const skip = mergeById(named(base.skip), named(typed.skip), named(newer.skip));
  return {
    ...newer,
    goal: pick("goal"),
    language: pick("language"),
    audience: pick("audience"),
    level: pick("level"),
    rules: mergeById(base.rules, typed.rules, newer.rules),
    skip: skip.map(({ id }) => id),
    holes: mergeById(base.holes, typed.holes, newer.holes),
  };
}

function named(ids: string[]): { id: string }[] {
  return ids.map((id) => ({ id }));
}

function mergeById<Item extends { id: string }>(
  base: Item[],
  typed: Item[],
  newer: Item[],
): Item[] {
  const [was, own, other] = [base, typed, newer].map(
    (items) => new Map(items.map((item) => [item.id, item])),
  );
  const kept = newer.flatMap((item) => {
    const before = was?.get(item.id);
    const mine = own?.get(item.id);
    if (!mine) return before ? [] : [item];
    return before && isSame(mine, before) ? [item] : [mine];
  });
  const added = typed.filter(
    (item) => !other?.has(item.id) && !isSame(item, was?.get(item.id) ?? null),
  );
  return [...kept, ...added];
}

/** Of parts that were made by the same code, so that their keys come in the same order. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
