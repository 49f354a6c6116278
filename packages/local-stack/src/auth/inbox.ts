import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { html } from "hono/html";
import { z } from "zod";

export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

interface KeptMail extends Mail {
  id: string;
  at: Date;
}

export type Inbox = ReturnType<typeof createInbox>;

/** As Mailpit takes it. */
const sentSchema = z.object({
  To: z.array(z.object({ Email: z.email() })).min(1),
  Subject: z.string().default(""),
  Text: z.string().default(""),
  HTML: z.string().default(""),
});

const kept = 500;
const sender = { Name: "Admin", Address: "admin@email.com" };

/**
 * Where the mails of Auth and of functions end: nothing leaves the machine. Kept in memory, the newest 500. It
 * answers no other origin, so a page that a developer visits cannot read the links in it.
 */
export function createInbox() {
  let mails: KeptMail[] = [];
  const keep = (mail: Mail): void => {
    mails = [{ ...mail, id: randomUUID(), at: new Date() }, ...mails].slice(0, kept);
  };

  const summary = ({ id, to, subject, text, at }: KeptMail) => ({
    ID: id,
    MessageID: `${id}@inbox`,
    From: sender,
    To: [{ Name: "", Address: to }],
    Subject: subject,
    Created: at.toISOString(),
    Snippet: text.replace(/\s+/g, " ").slice(0, 250),
  });
  const list = (found: KeptMail[], start: number, limit: number) => ({
    total: mails.length,
    messages_count: found.length,
    start,
    messages: found.slice(start, start + limit).map(summary),
  });

  const app = new Hono()
    .basePath("/inbox")
    .get("/", (c) => c.html(inboxPage(mails)))
    .get("/api/v1/messages", (c) =>
      c.json(list(mails, numberOf(c.req.query("start"), 0), numberOf(c.req.query("limit"), 50))),
    )
    .get("/api/v1/search", (c) => {
      const words = (c.req.query("query") ?? "").replace(/^(to|subject):/, "").replaceAll('"', "");
      const found = mails.filter(({ to, subject, text }) =>
        `${to} ${subject} ${text}`.toLowerCase().includes(words.toLowerCase()),
      );
      return c.json(
        list(found, numberOf(c.req.query("start"), 0), numberOf(c.req.query("limit"), 50)),
      );
    })
    .get("/api/v1/message/:id", (c) => {
      const id = c.req.param("id");
      const mail = id === "latest" ? mails[0] : mails.find((one) => one.id === id);
      if (mail === undefined) return c.json({ Error: "Message not found" }, 404);
      const { Created, ...head } = summary(mail);
      return c.json({ ...head, Date: Created, Text: mail.text, HTML: mail.html });
    })
    .post("/api/v1/send", async (c) => {
      const mail = sentSchema.safeParse(await c.req.json().catch(() => null));
      if (!mail.success) return c.json({ Error: "This is no mail" }, 400);
      const { To, Subject: subject, Text: text, HTML: html } = mail.data;
      for (const { Email: to } of To) keep({ to, subject, text, html });
      return c.json({ ID: mails[0]?.id });
    })
    .delete("/api/v1/messages", (c) => {
      mails = [];
      return c.text("ok");
    })
    .notFound((c) => c.json({ Error: "There is no such page" }, 404));

  return {
    receive: keep,
    /** Serves `/inbox`: a page for people, and for programs Mailpit's calls to list, read and send. */
    fetch: (request: Request) => app.fetch(request),
  };
}

function numberOf(text: string | undefined, otherwise: number): number {
  return /^\d{1,9}$/.test(text ?? "") ? Number(text) : otherwise;
}

/** All mails on one page, newest first, as text whose links can be followed. */
function inboxPage(mails: { to: string; subject: string; text: string; at: Date }[]) {
  const items = mails.map(
    ({ to, subject, text, at }) => html`
      <article>
        <h2>${subject}</h2>
        <p class="head">to ${to}, ${at.toISOString()}</p>
        <pre>${linked(text)}</pre>
      </article>`,
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>Inbox</title>
        <style>
          body { font: 16px/1.5 system-ui, sans-serif; max-width: 48rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark; }
          article { border-top: 1px solid #8886; }
          h2 { font-size: 1.1rem; margin-bottom: 0; }
          .head { margin: 0; opacity: 0.7; }
          pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }
        </style>
      </head>
      <body>
        <h1>Inbox</h1>
        ${mails.length === 0 ? html`<p>No mail yet. What Auth sends ends here.</p>` : items}
      </body>
    </html>`;
}

function linked(text: string) {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, index) => (index % 2 === 1 ? html`<a href="${part}">${part}</a>` : html`${part}`));
}
