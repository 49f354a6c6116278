import type { NotifyClaim } from "@sideline/contracts";
import type { MailSettings } from "../_shared/env.ts";
import { StageError } from "../_shared/errors.ts";
import { mailRequest } from "./mail-request.ts";
import { post } from "./post.ts";
import { requirePublic, type TargetRules } from "./private-address.ts";
import { signedHeaders } from "./sign.ts";
import { sendBySmtp } from "./smtp.ts";

export interface SendDeps extends TargetRules {
  fetch: typeof fetch;
  now(): Date;
  /** Null: nobody has said how mail is sent. */
  mail: MailSettings | null;
}

/** Sends one message to its contact. Throws StageError. */
export async function sendMessage(
  deps: SendDeps,
  claim: NotifyClaim,
  signal: AbortSignal,
): Promise<void> {
  const { fetch } = deps;
  switch (claim.contact_type) {
    case "webhook": {
      const url = await requirePublic(claim.address, deps);
      const { event: type = claim.topic, ...data } = claim.payload;
      const body = JSON.stringify({ type, timestamp: claim.created_at, data });
      const message = { id: claim.id, body, secret: claim.signing_secret };
      const headers = await signedHeaders(message, deps.now());
      return await post(url, { headers, body }, { fetch, signal });
    }
    case "slack": {
      const url = await requirePublic(claim.address, deps);
      const body = JSON.stringify({ text: `*${claim.subject}*\n${claim.body}` });
      const headers = { "content-type": "application/json" };
      return await post(url, { headers, body }, { fetch, signal });
    }
    case "email": {
      if (deps.mail === null) throw notConfigured("MAIL_PROVIDER is not set");
      const { address: to, subject, body: text } = claim;
      const mail = { to, subject, text, key: `sideline-message-${claim.id}` };
      if (deps.mail.provider === "smtp") return await sendBySmtp(deps.mail, mail, { signal });
      const { url, ...request } = mailRequest(deps.mail, mail);
      return await post(url, request, { fetch, signal, keyIsOurs: true });
    }
    case "sms":
      throw notConfigured("there is no provider for text messages");
  }
}

function notConfigured(detail: string): StageError {
  return new StageError("message_not_configured", "fail", { detail });
}
