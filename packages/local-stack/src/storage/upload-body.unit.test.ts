import { buffer } from "node:stream/consumers";
import { expect, test } from "vitest";
import { bodyStream } from "./upload-body.ts";

function request(body: string | null, contentLength?: number): Request {
  const headers = new Headers();
  if (contentLength !== undefined) headers.set("content-length", String(contentLength));
  return new Request("http://localhost/", { method: "POST", headers, body });
}

test.each([
  ["of the announced length", "abc", 3],
  ["of unknown length", "abc", undefined],
  ["that is empty", "", 0],
])("a body %s is read whole", async (_kind, body, announced) => {
  expect((await buffer(bodyStream(request(body, announced)))).toString()).toBe(body);
});

test("no body at all is an empty one", async () => {
  expect((await buffer(bodyStream(request(null)))).length).toBe(0);
});

test.each([2, 4])("three bytes where %d were announced are no file", async (announced) => {
  await expect(buffer(bodyStream(request("abc", announced)))).rejects.toThrow(
    `The upload ended after 3 of ${announced} bytes`,
  );
});
