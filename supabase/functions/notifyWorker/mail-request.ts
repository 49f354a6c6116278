import type { MailSettings } from "../_shared/env.ts";

/** What a provider's API takes for a plain mail. */
export function mailRequest(
  settings: MailSettings,
  mail: { to: string; subject: string; text: string; key: string },
): { url: string; headers: Record<string, string>; body: string } {
  const headers: Record<string, string> = { "content-type": "application/json" };
  const { to, subject, text } = mail;
  if (settings.provider === "mailpit") {
    if (settings.key !== "") headers.apikey = settings.key;
    const body = {
      From: { Email: settings.from },
      To: [{ Email: to }],
      Subject: subject,
      Text: text,
    };
    return { url: settings.url, headers, body: JSON.stringify(body) };
  }
  headers.authorization = `Bearer ${settings.key}`;
  // A mail that was sent and not told of is not sent again.
  headers["idempotency-key"] = mail.key;
  const body = { from: settings.from, to: [to], subject, text };
  return { url: settings.url, headers, body: JSON.stringify(body) };
}
