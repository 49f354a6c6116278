import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { keepLedger, type Ledger } from "./ledger.ts";
import type { Answer, Verb } from "./wire.ts";

const answer = (body: unknown, status = 200): Answer => ({
  status,
  body: JSON.stringify(body),
  headers: new Headers(),
});

async function claim(ledger: Ledger, id: number, meanwhile = () => {}): Promise<string> {
  const token = randomUUID();
  const row = {
    id,
    lease_token: token,
    attempt: 1,
    lease_expires_at: "2026-01-01T00:00:00Z",
    alone: false,
    correlation_id: randomUUID(),
    user_id: randomUUID(),
  };
  await ledger.rule({ verb: "claim", stage: "ssml", body: "{}" }, async () => {
    meanwhile();
    return answer([row]);
  });
  return token;
}

async function tell(ledger: Ledger, verb: Verb, body: unknown, outcome: unknown, status = 200) {
  await ledger.rule({ verb, stage: "ssml", body: JSON.stringify(body) }, async () =>
    answer(outcome, status),
  );
}

test("an item is held from its claim until the write that settles it", async () => {
  const ledger = keepLedger();
  const token = await claim(ledger, 1);
  const head = { id: 1, lease_token: token };
  const heldIds = () => ledger.held("ssml").map(({ id }) => id);

  await tell(ledger, "extend", head, "2026-01-01T00:01:00Z");
  await tell(ledger, "complete", { results: [head] }, { code: "PGRST001" }, 503);
  expect(heldIds()).toEqual([1]);
  await tell(ledger, "complete", { results: [head] }, [{ id: 1, outcome: "completed" }]);

  expect(heldIds()).toEqual([]);
  expect(ledger.staleTokens).toEqual([]);
});

test("a refused write is counted with the token that it carried", async () => {
  const ledger = keepLedger();
  const tokens = [await claim(ledger, 1), await claim(ledger, 2), await claim(ledger, 3)];
  const head = (id: number) => ({ id, lease_token: tokens[id - 1] });

  await tell(ledger, "complete", { results: [head(1)] }, [{ id: 1, outcome: "stale" }]);
  await tell(ledger, "fail", head(2), "stale");
  await tell(ledger, "extend", head(3), null);

  expect(ledger.staleTokens).toEqual(tokens);
  expect(ledger.held("ssml")).toEqual([]);
});

test("a kill orphans what is held, and what is given to the dead process afterwards", async () => {
  const ledger = keepLedger();
  await claim(ledger, 1);
  await claim(ledger, 2, () => ledger.orphan("ssml", 1000));
  await claim(ledger, 3);

  expect(ledger.orphans.map(({ id, killedAt }) => [id, killedAt])).toEqual([
    [1, 1000],
    [2, 1000],
  ]);
  expect(ledger.held("ssml").map(({ id }) => id)).toEqual([3]);
});
