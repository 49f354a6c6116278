/** A state as facts by name: the form in which the model and the database are compared. */
import { isDeepStrictEqual } from "node:util";
import { type Item, itemsOf, type ModelState } from "./model.ts";

/** What is to be known of each row, by a name that means the same in every database. */
export type Facts = Record<string, unknown>;

export function factsOfModel(state: ModelState): Facts {
  const { recordings, held } = state;
  /** `worker item`, of the worker who was given the token. */
  const holderOf = (token: number | null) =>
    token === null ? null : (Object.keys(held).find((key) => held[key] === token) ?? "nobody");
  const factsOf = ({ place, attempts, errorCode, changedAt, task }: Item) => ({
    place,
    attempts,
    errorCode,
    changedAt,
    task: task && { ...task, attempts, token: holderOf(task.token) },
  });
  return Object.fromEntries([
    ...recordings.map(({ name, upload, analysedBy }) => [
      `recording ${name}`,
      { upload, awaited: upload === "pending", analysedBy },
    ]),
    ...recordings.flatMap(({ name, feedback }) =>
      feedback.map(({ words, ssmlSegments, audioSegments }, index) => [
        `feedback ${name}.${index}`,
        { words, ssmlSegments, audioSegments },
      ]),
    ),
    ...itemsOf(state).map((item) => [item.name, factsOf(item)]),
    ...Object.entries(state.queues).map(([stage, { served, mark, suspects }]) => [
      `queue ${stage}`,
      { served, mark, suspects: { ...suspects, owners: suspects.owners.toSorted() } },
    ]),
    ...Object.entries(state.limits).map(([provider, limit]) => [
      provider,
      { ...limit, probeToken: holderOf(limit.probeToken) },
    ]),
    ...Object.entries(state.usage).flatMap(([of, count]) =>
      count > 0 ? [[`usage of ${of}`, count]] : [],
    ),
    ...Object.entries(state.retries).map(([of, count]) => [`retries of ${of}`, count]),
  ]);
}

/** Where the two differ, a pair of lines each; empty where they agree. */
export function differences(expected: Facts, actual: Facts): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(expected[name], actual[name]))
    .sort()
    .flatMap((name) => [
      `model:    ${name}: ${JSON.stringify(expected[name])}`,
      `database: ${name}: ${JSON.stringify(actual[name])}`,
    ]);
}
