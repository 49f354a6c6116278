import { createHash, randomUUID } from "node:crypto";
import { AuthRefusal } from "./refusal.ts";

/** What a client keeps to itself is shown by what comes out of it. */
interface Challenge {
  value: string;
  isHashed: boolean;
}

interface OpenFlow extends Challenge {
  refreshToken: string;
  expiresAt: number;
}

const prefix = "pkce_";
const lifetimeMs = 5 * 60_000;

export type Flows = ReturnType<typeof createFlows>;

/**
 * PKCE: a mail's link gives a code, and only the client that asked for the mail can turn it into
 * the session. Flows are forgotten when the stack stops.
 */
export function createFlows() {
  const challenges = new Map<string, Challenge>();
  const open = new Map<string, OpenFlow>();

  return {
    /** Marks the token of a mail that is sent for such a client. */
    mark(token: string, challenge: Challenge): string {
      challenges.set(token, challenge);
      return prefix + token;
    },
    /** Ends a link's way: the code in place of the session. @throws AuthRefusal */
    giveCode(marked: string, refreshToken: string): string {
      const challenge = challenges.get(withoutMark(marked));
      if (challenge === undefined) {
        throw new AuthRefusal(400, "flow_state_not_found", "No associated flow state found.");
      }
      challenges.delete(withoutMark(marked));
      const code = randomUUID();
      open.set(code, { ...challenge, refreshToken, expiresAt: Date.now() + lifetimeMs });
      return code;
    },
    /** @returns the refresh token of the session. @throws AuthRefusal */
    redeem(code: unknown, verifier: unknown): string {
      const flow = open.get(String(code));
      if (flow === undefined) {
        const sentence = "invalid flow state, no valid flow state found";
        throw new AuthRefusal(404, "flow_state_not_found", sentence);
      }
      if (Date.now() > flow.expiresAt) {
        const sentence = "invalid flow state, flow state has expired";
        throw new AuthRefusal(422, "flow_state_expired", sentence);
      }
      const shown = flow.isHashed
        ? createHash("sha256").update(String(verifier)).digest("base64url")
        : String(verifier);
      if (shown !== flow.value) {
        const sentence = "code challenge does not match previously saved code verifier";
        throw new AuthRefusal(400, "bad_code_verifier", sentence);
      }
      open.delete(String(code));
      return flow.refreshToken;
    },
  };
}

export function isMarked(token: string): boolean {
  return token.startsWith(prefix);
}

export function withoutMark(token: string): string {
  return isMarked(token) ? token.slice(prefix.length) : token;
}

/** @throws AuthRefusal where half of it is missing, or it is none */
export function challengeOf(body: Record<string, unknown>): Challenge | null {
  const { code_challenge: value, code_challenge_method: method } = body;
  if (!value && !method) return null;
  const refuse = (sentence: string) => new AuthRefusal(400, "validation_failed", sentence);
  if (typeof value !== "string" || typeof method !== "string" || !value || !method) {
    throw refuse("PKCE flow requires code_challenge_method and code_challenge");
  }
  if (value.length < 43 || value.length > 128) {
    throw refuse("code challenge has to be between 43 and 128 characters");
  }
  return { value, isHashed: method.toLowerCase() === "s256" };
}
