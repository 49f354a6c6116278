import { expect, test } from "vitest";
import { z } from "zod";
import { parseReply } from "./parse-reply.ts";

const schema = z.object({ message: z.string(), list: z.array(z.string()) });

test("what the database could not store is taken out of every text", () => {
  const text = String.raw`{"message":"a\u0000b \ud83d","list":["\u0007c","\ud83d\ude00"]}`;

  expect(parseReply(schema, text)).toEqual({
    ok: true,
    value: { message: "a b \ufffd", list: [" c", "\ud83d\ude00"] },
  });
});

test("a reply that is not JSON, or not as asked, says so", () => {
  expect(parseReply(schema, "{")).toEqual({ ok: false, faults: ["the reply is not JSON"] });
  expect(parseReply(schema, '{"message":1,"list":[]}')).toMatchObject({
    ok: false,
    faults: [expect.stringMatching(/^message: /)],
  });
});
