import { z } from "zod";

// What a client says wrong counts as not said, as on hosted.
const flag = z
  .union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")])
  .catch(false);
const text = z.string().nullable().catch(null);
const section = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess((value) => (typeof value === "object" ? (value ?? {}) : {}), z.object(shape));

/** What a client asks for when it joins. */
const joinSchema = section({
  access_token: text,
  user_token: text,
  config: section({
    private: flag,
    broadcast: section({
      ack: flag,
      self: flag,
      replay: z.unknown().optional(),
      replication_ready: flag,
    }),
    // Older clients do not say whether they listen, and were always told.
    presence: section({ key: text, enabled: flag.default(true) }),
    postgres_changes: z
      .array(z.record(z.string(), z.unknown()).nullable())
      .transform((bindings) => bindings.filter((binding) => binding !== null))
      .catch([]),
    postgres_changes_options: section({
      wait: flag,
      timeout: z.number().positive().max(20_000).catch(15_000),
    }),
  }),
});

export type JoinRequest = ReturnType<typeof readJoinRequest>;

export function readJoinRequest(payload: unknown) {
  const { access_token, user_token, config } = joinSchema.parse(payload);
  const { broadcast, presence, postgres_changes_options: options } = config;
  const token = user_token ?? access_token;
  return {
    /** The user's token; null where the API key stands for the caller. */
    token: token?.startsWith("sb_") ? null : token,
    isPrivate: config.private,
    broadcast,
    presence: { key: presence.key || null, enabled: presence.enabled },
    /** One per binding, as given: the reply has to repeat them. */
    changes: config.postgres_changes,
    /** Whether the reply waits until the bindings are in force, and for how many milliseconds. */
    wait: options.wait ? options.timeout : null,
  };
}
