import { describe, expect, test } from "vitest";
import { createStorage, type Storage } from "./storage.ts";
import { type Answer, serveHttp } from "./testing/http-server.ts";

async function storageThat(answer: Answer) {
  const { url, received } = await serveHttp(answer);
  return { storage: createStorage({ url, secretKey: "sb_secret_x", fetch }), received };
}

const { signal } = new AbortController();

describe("what is not there", () => {
  const read = (storage: Storage, path = "a") =>
    storage.read({ bucket: "raw", path, start: 0, end: 4 }, signal);

  test.each([400, 404])("finds nothing where the answer is %i", async (status) => {
    const { storage } = await storageThat(() => new Response("{}", { status }));

    expect(await read(storage)).toBeNull();
    expect(await storage.exists("raw", "a")).toBe(false);
  });

  test.each(["u/../other/clip.mp4", "u/./clip.mp4", "u//clip.mp4", "..", ""])(
    "asks nothing for %j, which as a URL would lead elsewhere",
    async (path) => {
      const { storage, received } = await storageThat(() => new Response("secret"));

      expect(await read(storage, path)).toBeNull();
      expect(await storage.exists("raw", path)).toBe(false);
      await expect(
        storage.put({ bucket: "raw", path, bytes: new Uint8Array(1), contentType: "a/b", signal }),
      ).rejects.toThrow();
      expect(received).toEqual([]);
    },
  );

  test("does not take a broken storage for a missing object", async () => {
    const { storage } = await storageThat(() => new Response("{}", { status: 503 }));

    const expected = { code: "internal_error", fate: "defer" };
    await expect(read(storage)).rejects.toMatchObject(expected);
    await expect(storage.exists("raw", "a")).rejects.toMatchObject(expected);
  });
});

describe("read", () => {
  const place = { bucket: "raw", path: "user/clip #1?.mp4", start: 10, end: 14 };
  const piece = (body: string, range: string) =>
    new Response(body, { status: 206, headers: { "content-range": range, etag: '"v1"' } });

  test("asks for a piece and tells what the whole is", async () => {
    const { storage, received } = await storageThat(() => piece("abcd", "bytes 10-13/99"));

    expect(await storage.read(place, signal)).toEqual({
      bytes: new TextEncoder().encode("abcd"),
      size: 99,
      version: '"v1"',
    });
    expect(received[0]?.path).toBe("/storage/v1/object/authenticated/raw/user/clip%20%231%3F.mp4");
    expect(received[0]?.headers.get("range")).toBe("bytes=10-13");
    expect(received[0]?.headers.get("apikey")).toBe("sb_secret_x");
  });

  test("takes no more than it asked for", async () => {
    const { storage } = await storageThat(() => piece("abcdefgh", "bytes 10-17/99"));

    expect((await storage.read(place, signal))?.bytes).toHaveLength(4);
  });

  test.each([416, 200])("knows an empty object by %i", async (status) => {
    const { storage } = await storageThat(
      () => new Response(null, { status, headers: { "content-length": "0" } }),
    );

    expect(await storage.read(place, signal)).toMatchObject({ size: 0 });
  });

  test("finds nothing where there is nothing, and waits where the storage is away", async () => {
    const gone = await storageThat(() => new Response("{}", { status: 404 }));
    const away = await storageThat(() => new Response("{}", { status: 503 }));
    const whole = await storageThat(() => new Response("the whole of it"));

    expect(await gone.storage.read(place, signal)).toBeNull();
    for (const { storage } of [away, whole]) {
      await expect(storage.read(place, signal)).rejects.toMatchObject({ fate: "defer" });
    }
  });
});

describe("put", () => {
  const object = {
    bucket: "processed",
    path: "u/1.wav",
    bytes: new Uint8Array([1, 2, 255]),
    contentType: "audio/wav",
    signal,
  };

  test("writes the bytes over what was there", async () => {
    const { storage, received } = await storageThat(() => Response.json({}));

    await storage.put(object);

    const [request] = received;
    expect(request).toMatchObject({ method: "POST", path: "/storage/v1/object/processed/u/1.wav" });
    expect(request?.body).toEqual(object.bytes);
    expect(request?.headers.get("content-type")).toBe("audio/wav");
    expect(request?.headers.get("x-upsert")).toBe("true");
  });

  test.each([
    [413, {}, "audio_too_large", "fail"],
    [400, { statusCode: "413", error: "Payload too large" }, "audio_too_large", "fail"],
    [400, { statusCode: "415", error: "invalid_mime_type" }, "internal_error", "fail"],
    [400, {}, "internal_error", "fail"],
    [401, {}, "internal_error", "retry"],
    [429, {}, "internal_error", "defer"],
    [503, {}, "internal_error", "defer"],
  ])(
    "what is refused with %i %j is tried again only where that helps",
    async (status, body, code, fate) => {
      const { storage } = await storageThat(() => Response.json(body, { status }));

      await expect(storage.put(object)).rejects.toMatchObject({ code, fate });
    },
  );
});
