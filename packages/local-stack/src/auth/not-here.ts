import { AuthRefusal } from "./refusal.ts";

const features: [path: RegExp, name: string][] = [
  [/^\/(admin\/users\/[^/]+\/)?factors(\/|$)/, "Multi-factor authentication"],
  [/^\/(admin\/users\/[^/]+\/)?passkeys(\/|$)/, "Sign-in by passkey"],
  [/^\/(admin\/)?sso(\/|$)|^\/saml\//, "Single sign-on"],
  [/^\/(admin\/|user\/)?oauth\//, "The OAuth server"],
  [/^\/admin\/custom-providers(\/|$)/, "Adding sign-in providers"],
  [/^\/user\/identities\//, "Linking identities by hand"],
];
const known =
  /^\/(signup|token|otp|magiclink|verify|recover|resend|health|settings|authorize|callback|logout|user|reauthenticate|invite|admin\/.*|\.well-known\/.*)$/;
const bodies = /^\/(signup|otp|verify|resend|token)$/;

/** Says in one sentence what the embedded Auth does not do, where a request asks for it. */
export function refuseWhatIsNotHere(path: string, body: Record<string, unknown>): void {
  const feature = features.find(([pattern]) => pattern.test(path));
  if (feature !== undefined) {
    const sentence = `${feature[1]} is not part of the embedded stack.`;
    // With a 501 clients would take it for an outage, and try again.
    throw new AuthRefusal(422, "not_implemented", sentence);
  }
  if (!known.test(path)) throw new AuthRefusal(404, "not_found", `There is no ${path}`);
  if (bodies.test(path) && body.phone && !body.email) {
    throw new AuthRefusal(400, "phone_provider_disabled", "Unsupported phone provider");
  }
}
