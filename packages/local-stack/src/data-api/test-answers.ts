import type { SupabaseClient } from "@supabase/supabase-js";
import { expect } from "vitest";

export interface Answer {
  data: unknown;
  error: unknown;
  status: number;
  count: number | null;
}

/** A name, what is asked, and what the answer holds: `data` as a whole, of the rest a part. */
export type Case = [
  name: string,
  ask: (db: SupabaseClient) => PromiseLike<Answer>,
  expected: Partial<Answer>,
];

export function expectAnswer(answer: Answer, { data, ...rest }: Partial<Answer>): void {
  expect(answer).toMatchObject({ error: null, ...rest });
  if (data !== undefined) expect(answer.data).toEqual(data);
}
