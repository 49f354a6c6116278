import { AsyncLocalStorage } from "node:async_hooks";
import type { AuthSettings } from "../config/settings.ts";
import type { Inbox, Mail } from "./inbox.ts";

/** Where a link leads once it is verified: what the request asked for, where settings allow it. */
export function redirectOf(wanted: string | null, settings: AuthSettings): string {
  if (!wanted || !URL.canParse(wanted)) return settings.site_url;
  const site = new URL(settings.site_url);
  const url = new URL(wanted);
  const isSite = url.protocol === site.protocol && url.hostname === site.hostname;
  const isNamed = settings.additional_redirect_urls.some((allowed) => globOf(allowed).test(wanted));
  return isSite || isNamed ? wanted : settings.site_url;
}

/** `*` is anything but a dot or a slash, `**` is anything. */
function globOf(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("?", "[^./]");
  const source = escaped.replaceAll("**", "\0").replaceAll("*", "[^./]*").replaceAll("\0", ".*");
  return new RegExp(`^${source}$`);
}

/** A link that verifies at this stack's own address. */
export function verifyLink(
  issuer: string,
  token: string,
  type: string,
  redirectTo: string,
): string {
  return `${issuer}/verify?${new URLSearchParams({ token, type, redirect_to: redirectTo })}`;
}

export type Post = ReturnType<typeof createPost>;

export function createPost(inbox: Inbox, issuer: () => string, settings: AuthSettings) {
  const asked = new AsyncLocalStorage<{ redirectTo: string; mark(token: string): string }>();

  /** Links stand in text as they are, and in attributes with `&amp;`. */
  function readdress(text: string): string {
    return text.replace(/https?:\/\/[^\s"'<>]*\/auth\/v1\/verify\?[^\s"'<>]*/g, (link) => {
      const isHtml = link.includes("&amp;");
      const { searchParams } = new URL(link.replaceAll("&amp;", "&"));
      const token = searchParams.get("token") ?? "";
      const { redirectTo = settings.site_url, mark = String } = asked.getStore() ?? {};
      const mended = verifyLink(issuer(), mark(token), searchParams.get("type") ?? "", redirectTo);
      return isHtml ? mended.replaceAll("&", "&amp;") : mended;
    });
  }

  return {
    /** Mails sent meanwhile lead to `redirectTo`, with tokens that `mark` has changed. */
    during: <T>(redirectTo: string, mark: (token: string) => string, work: () => Promise<T>) =>
      asked.run({ redirectTo, mark }, work),
    /** Takes mails of the library, which writes links to the site instead of to Auth. */
    async send(mail: Partial<Mail> & Pick<Mail, "to" | "subject">): Promise<void> {
      const { to, subject, text = "", html = "" } = mail;
      inbox.receive({ to, subject, text: readdress(text), html: readdress(html) });
    },
    invite(to: string, link: string, code: string): void {
      inbox.receive(letter(to, "You have been invited", "accept the invitation", link, code));
    },
    /** @param token of a link that leads where the request asked for */
    confirm(to: string, token: string, code: string): void {
      const link = readdress(verifyLink(issuer(), token, "signup", settings.site_url));
      inbox.receive(letter(to, "Confirm Your Signup", "confirm your address", link, code));
    },
  };
}

function letter(to: string, subject: string, what: string, link: string, code: string): Mail {
  const href = link.replaceAll("&", "&amp;");
  return {
    to,
    subject,
    text: `${subject}.\n\nFollow this link to ${what}: ${link}\n\nOr enter this code: ${code}\n`,
    html: `<h2>${subject}</h2><p>Follow this link to <a href="${href}">${what}</a></p><p>Or enter this code: ${code}</p>`,
  };
}
