import type { Ask } from "./ask.ts";
import { AuthRefusal } from "./refusal.ts";

/** What hosted can do and this Auth cannot. Some may be switched off there too, and then have a code. */
const features: { path: RegExp; sentence: string; code?: string; forUsers?: boolean }[] = [
  {
    path: /^\/factors(\/|$)/,
    sentence: "Multi-factor authentication is not part of the embedded stack.",
    forUsers: true,
  },
  {
    path: /^\/admin\/users\/[^/]+\/factors(\/|$)/,
    sentence: "Multi-factor authentication is not part of the embedded stack.",
  },
  {
    path: /^\/(admin\/users\/[^/]+\/)?passkeys(\/|$)/,
    sentence: "Sign-in by passkey is not part of the embedded stack.",
  },
  {
    path: /^\/(admin\/)?sso(\/|$)|^\/saml\//,
    sentence: "SAML 2.0 is disabled: single sign-on is not part of the embedded stack.",
    code: "saml_provider_disabled",
  },
  {
    path: /^\/user\/identities\//,
    sentence: "Manual linking is disabled: it is not part of the embedded stack.",
    code: "manual_linking_disabled",
    forUsers: true,
  },
  {
    path: /^\/(admin\/|user\/)?oauth\//,
    sentence: "The OAuth server is not part of the embedded stack.",
  },
  {
    path: /^\/admin\/custom-providers(\/|$)/,
    sentence: "Adding sign-in providers is not part of the embedded stack.",
  },
];

const grants: Record<string, { sentence: string; code: string }> = {
  web3: {
    sentence: "Web3 provider is disabled: it is not part of the embedded stack.",
    code: "web3_provider_disabled",
  },
  id_token: {
    sentence: "Provider is not enabled: tokens of others are not taken by the embedded stack.",
    code: "provider_disabled",
  },
};

const known =
  /^\/(signup|token|otp|magiclink|verify|recover|resend|health|settings|authorize|callback|logout|user|reauthenticate|invite|admin\/.*|\.well-known\/.*)$/;

/** Says in one sentence what the embedded Auth does not do, where a request asks for it. */
export function refuseWhatIsNotHere({ path, query, body, hasToken }: Ask): void {
  const feature = features.find((one) => one.path.test(path));
  if (feature?.forUsers && !hasToken) {
    throw new AuthRefusal(401, "no_authorization", "This endpoint requires a valid Bearer token");
  }
  const grant = path === "/token" ? grants[query.get("grant_type") ?? ""] : undefined;
  const { sentence, code = "not_implemented" } = feature ?? grant ?? {};
  // With a 501 clients would take it for an outage, and try again.
  if (sentence !== undefined) throw new AuthRefusal(422, code, sentence);
  if (!known.test(path)) throw new AuthRefusal(404, "not_found", `There is no ${path}`);
  if (!body.phone || body.email) return;
  if (path === "/verify") {
    if (!/^\+?[1-9]\d{1,14}$/.test(String(body.phone))) {
      const sentence = "Invalid phone number format (E.164 required)";
      throw new AuthRefusal(400, "validation_failed", sentence);
    }
    throw new AuthRefusal(403, "otp_expired", "Token has expired or is invalid");
  }
  if (/^\/(signup|otp|resend|token)$/.test(path)) {
    throw new AuthRefusal(400, "phone_provider_disabled", "Unsupported phone provider");
  }
}
