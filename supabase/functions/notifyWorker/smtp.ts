import { createTransport } from "nodemailer";
import type { MailSettings } from "../_shared/env.ts";
import { StageError } from "../_shared/errors.ts";

/** Milliseconds for a whole mail; a server may take its time to look at one. */
const patienceMs = 20_000;

/**
 * Sends a plain mail by SMTP. Where a password is sent, or the server offers it, the connection is
 * TLS with a certificate that holds. A mail that comes twice has the same Message-ID.
 */
export async function sendBySmtp(
  settings: MailSettings,
  mail: { to: string; subject: string; text: string; key: string },
  { signal, patience = patienceMs }: { signal: AbortSignal; patience?: number },
): Promise<void> {
  const { protocol, hostname, port, username } = new URL(settings.url);
  const secure = protocol === "smtps:";
  const domain = settings.from.match(/@([^\s<>@]+)>?$/)?.[1] ?? "localhost";
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ""),
    port: Number(port || (secure ? 465 : 587)),
    secure,
    requireTLS: settings.key !== "",
    ...(settings.key === ""
      ? {}
      : { auth: { user: decodeURIComponent(username), pass: settings.key } }),
    // Functions may not ask for the machine's name.
    name: domain,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: settings.from,
      // Not as text: an address is one address, whatever stands in it.
      to: { name: "", address: mail.to },
      subject: mail.subject,
      text: mail.text,
      messageId: `<${mail.key}@${domain}>`,
      headers: { "Auto-Submitted": "auto-generated" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
    });
  } catch (error) {
    signal.throwIfAborted();
    throw refusalOf(error);
  } finally {
    transport.close();
  }
}

/** A sender or a password that is not accepted is ours to mend; a mail or an address is not. */
function refusalOf(error: unknown): StageError {
  const { code, responseCode, command, message } = error as SmtpError;
  if (responseCode === undefined) {
    // What never left for the server: an address that none would understand.
    if (code === "EENVELOPE") return new StageError("message_refused", "fail", { detail: code });
    const detail = `${code}: ${message}`;
    const isOurs = code === "EAUTH" || code === "ENOAUTH";
    const problem = isOurs ? "message_not_configured" : "provider_unavailable";
    return new StageError(problem, "retry", { detail, cause: error });
  }
  const options = { detail: `status ${responseCode} to ${command}`, cause: error };
  if (responseCode < 500) return new StageError("provider_unavailable", "retry", options);
  return command === "RCPT TO" || command === "DATA"
    ? new StageError("message_refused", "fail", options)
    : new StageError("message_not_configured", "retry", options);
}

/** What the library throws: without a status where no server answered. */
interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  command?: string;
}
