import { html } from "hono/html";

/** All mails on one page, newest first, as text whose links can be followed. */
export function inboxPage(mails: { to: string; subject: string; text: string; at: Date }[]) {
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
