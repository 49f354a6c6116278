/**
 * The headers of Standard Webhooks (https://www.standardwebhooks.com): HMAC-SHA-256 over the
 * message's id, the time and the body. The id is the same in every attempt.
 */
export async function signedHeaders(
  message: { id: number; body: string; secret: string },
  now: Date,
): Promise<Record<string, string>> {
  const id = `msg_${message.id}`;
  const timestamp = Math.floor(now.getTime() / 1000).toString();
  const raw = atob(message.secret.replace(/^whsec_/, ""));
  const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${message.body}`);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${btoa(String.fromCharCode(...signature))}`,
  };
}
