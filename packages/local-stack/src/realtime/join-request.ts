import { z } from "zod";

const flag = z
  .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")])
  .catch(false);

/** What a client asks for when it joins. What it says wrong counts as not said, as on hosted. */
const joinSchema = z.object({
  access_token: z.string().nullish().catch(null),
  user_token: z.string().nullish().catch(null),
  config: z
    .object({
      private: flag,
      broadcast: z
        .object({ ack: flag, self: flag, replay: z.unknown(), replication_ready: flag })
        .partial()
        .catch({}),
      presence: z
        .object({
          key: z.string().catch(""),
          enabled: flag,
        })
        .partial()
        .catch({}),
      postgres_changes: z
        .array(z.record(z.string(), z.unknown()).nullable())
        .transform((bindings) => bindings.filter((binding) => binding !== null))
        .catch([]),
      postgres_changes_options: z
        .object({ wait: flag, timeout: z.number().positive().max(20_000).catch(15_000) })
        .partial()
        .catch({}),
    })
    .partial()
    .catch({}),
});

export interface JoinRequest {
  /** The user's token; null where the API key stands for the caller. */
  token: string | null;
  isPrivate: boolean;
  broadcast: { ack: boolean; self: boolean; replay: unknown; replicationReady: boolean };
  presence: { key: string | null; enabled: boolean };
  /** One per binding, as given: the reply has to repeat them. */
  changes: Record<string, unknown>[];
  /** Whether the reply waits until the bindings are in force, and for how many milliseconds. */
  wait: number | null;
}

export function readJoinRequest(payload: unknown): JoinRequest {
  const { access_token, user_token, config } = joinSchema.catch({ config: {} }).parse(payload);
  const token = user_token ?? access_token ?? null;
  const { broadcast, presence, postgres_changes_options: options } = config;
  // Older clients do not say, and were always told.
  const enabled = presence?.enabled ?? true;
  return {
    token: token === null || token.startsWith("sb_") ? null : token,
    isPrivate: config.private ?? false,
    broadcast: {
      ack: broadcast?.ack ?? false,
      self: broadcast?.self ?? false,
      replay: broadcast?.replay,
      replicationReady: broadcast?.replication_ready ?? false,
    },
    presence: { key: presence?.key || null, enabled },
    changes: config.postgres_changes ?? [],
    wait: options?.wait ? (options.timeout ?? 15_000) : null,
  };
}
