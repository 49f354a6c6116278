import { z } from "zod";
import type { TestGateway } from "../test-gateway.ts";

const list = z.object({
  messages: z.array(z.object({ ID: z.string(), Subject: z.string() })),
});
const message = z.object({ Subject: z.string(), Text: z.string(), HTML: z.string() });

interface ReceivedMail {
  subject: string;
  text: string;
  /** The digits to type. */
  code: string;
  /** The link to follow. */
  link: URL;
}

/** The newest mail to an address, read from the inbox as a program does that knows Mailpit. */
export async function newestMail(stack: TestGateway, to: string): Promise<ReceivedMail> {
  const api = `${stack.url}/inbox/api/v1`;
  const headers = { apikey: stack.keys.secretKey };
  const ask = async (path: string) => {
    const answer = await fetch(`${api}${path}`, { headers });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const found = await ask(`/search?query=${encodeURIComponent(`to:${to}`)}`);
  const [newest] = list.parse(found).messages;
  if (newest === undefined) throw new Error(`no mail to ${to}`);
  const { Subject, Text } = message.parse(await ask(`/message/${newest.ID}`));
  return {
    subject: Subject,
    text: Text,
    code: /\b\d{6}\b/.exec(Text)?.[0] ?? "",
    link: new URL(/https?:\/\/\S+/.exec(Text)?.[0] ?? "about:blank"),
  };
}

/** Follows a mail's link as a browser does, and tells where it ended and with which session. */
export async function follow(link: URL) {
  const answer = await fetch(link, { redirect: "manual" });
  const url = new URL(answer.headers.get("location") ?? "about:blank");
  return { status: answer.status, url, session: new URLSearchParams(url.hash.slice(1)) };
}
