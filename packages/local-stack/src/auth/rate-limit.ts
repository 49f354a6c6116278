import { AuthRefusal } from "./refusal.ts";

const hourMs = 3_600_000;

/**
 * As hosted: from one address so many at once, and as many more in an hour. The address is the
 * connection's: what a header says of it is the caller's own word.
 * @returns throws AuthRefusal when there are too many
 */
export function limitByAddress(perHour: number, now = () => performance.now()) {
  const buckets = new Map<string, { left: number; at: number }>();
  return (address: string): void => {
    const at = now();
    const last = buckets.get(address) ?? { left: perHour, at };
    const left = Math.min(perHour, last.left + ((at - last.at) / hourMs) * perHour);
    if (left < 1) {
      throw new AuthRefusal(429, "over_request_rate_limit", "Request rate limit reached");
    }
    buckets.set(address, { left: left - 1, at });
  };
}
