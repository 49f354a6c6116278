import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { createTokens } from "./tokens.ts";

const secret = "a secret that only this test knows";
const tokens = createTokens(secret);
const invalid = expect.objectContaining({ code: "InvalidJWT", status: 400 });

test("a link for reading tells when it ends", async () => {
  const token = await tokens.signDownload("raw/a.mp4", 60);

  const end = await tokens.verifyDownload(token, "raw/a.mp4");

  expect(Math.abs(end.getTime() - Date.now() - 60_000)).toBeLessThan(2000);
});

test("a link for writing carries owner and upsert", async () => {
  const grant = { owner: "u1", upsert: true };
  const token = await tokens.signUpload("raw/a.mp4", grant, 60);

  expect(await tokens.verifyUpload(token, "raw/a.mp4")).toEqual(grant);
});

test("neither opens another object", async () => {
  const token = await tokens.signDownload("raw/a.mp4", 60);

  await expect(tokens.verifyDownload(token, "raw/b.mp4")).rejects.toMatchObject({
    code: "InvalidSignature",
  });
});

test("an ended link, one of the other kind and one of another secret are refused", async () => {
  const ended = await tokens.signDownload("raw/a.mp4", -1);
  const upload = await tokens.signUpload("raw/a.mp4", { owner: null, upsert: true }, 60);
  const foreign = await createTokens("another").signDownload("raw/a.mp4", 60);

  for (const token of [ended, upload, foreign, "", "nonsense"]) {
    await expect(tokens.verifyDownload(token, "raw/a.mp4")).rejects.toEqual(invalid);
  }
});

test("a token signed with the bare secret, as access tokens are, opens nothing", async () => {
  const token = await new SignJWT({ url: "raw/a.mp4", aud: "storage:download" })
    .setProtectedHeader({ alg: "HS256" })
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(secret));

  await expect(tokens.verifyDownload(token, "raw/a.mp4")).rejects.toEqual(invalid);
});
