import ipaddr from "ipaddr.js";
import { StageError } from "../_shared/errors.ts";

export interface TargetRules {
  /** The addresses that a name stands for. */
  resolve(host: string): Promise<string[]>;
  /** Of a stack on this machine: http and private addresses will do. */
  allowsPrivate: boolean;
}

/**
 * Throws where an address that a user gave is not one out there: our requests must not reach what
 * only we can reach. Who answers for a name may change its address after this look; redirects are
 * not followed, and no answer is shown to anybody.
 */
export async function requirePublic(address: string, rules: TargetRules): Promise<URL> {
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) throw notAllowed("no address of the web");
  if (rules.allowsPrivate) return url;
  if (url.protocol !== "https:") throw notAllowed("not https");
  if (url.username !== "" || url.password !== "") throw notAllowed("it holds a password");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = ipaddr.isValid(host)
    ? [host]
    : await rules.resolve(host).catch((error: unknown) => {
        throw new StageError("message_unanswered", "retry", {
          detail: "no such name",
          cause: error,
        });
      });
  if (addresses.length === 0 || !addresses.every(isPublic)) throw notAllowed("a private address");
  return url;
}

/** Of the sixth version only what is given out to the world: the library takes the rest for it, too. */
function isPublic(address: string): boolean {
  const found = ipaddr.process(address);
  return found.range() === "unicast" && (found.kind() === "ipv4" || found.match(givenOut));
}
const givenOut = ipaddr.parseCIDR("2000::/3");

function notAllowed(detail: string): StageError {
  return new StageError("address_not_allowed", "fail", { detail });
}
