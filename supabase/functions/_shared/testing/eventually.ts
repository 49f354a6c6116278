import { setTimeout as wait } from "node:timers/promises";

/** Tests only: asks again until there is an answer; throws after `withinMs`. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
  withinMs = 40_000,
): Promise<T> {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer) return answer;
    await wait(100);
  }
  throw new Error(`${what}: not within ${withinMs / 1000} s.`);
}
