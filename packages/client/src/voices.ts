import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { toSidelineError } from "./sideline-error.ts";
import { signedInUser } from "./signed-in-user.ts";

type Client = SupabaseClient<Database>;

/** A voice that feedback can be spoken in. */
export interface Voice {
  id: number;
  name: string;
  /** How it sounds, in a sentence. */
  description: string;
  /** BCP 47 tag. */
  language: string;
  /** Speaks its language where the user has chosen none. */
  isDefault: boolean;
}

export async function listVoices(client: Client): Promise<Voice[]> {
  const { data, error } = await client
    .from("coach_voices")
    .select("id, name, description, language_code, is_default")
    .order("language_code")
    .order("name");
  if (error) throw toSidelineError(error);
  return data.map(({ language_code, is_default, ...voice }) => ({
    ...voice,
    language: language_code,
    isDefault: is_default,
  }));
}

/** @returns the id of the chosen voice; null where the recording's language decides */
export async function chosenVoice(client: Client): Promise<number | null> {
  const userId = await signedInUser(client);
  const { data, error } = await client
    .from("voice_preferences")
    .select("coach_voice_id")
    .eq("user_id", userId)
    .maybeSingle();
  if (error) throw toSidelineError(error);
  return data?.coach_voice_id ?? null;
}

/**
 * For analyses that are queued from now on.
 * @param voiceId null goes back to the language's own voice
 */
export async function chooseVoice(client: Client, voiceId: number | null): Promise<void> {
  const userId = await signedInUser(client);
  const preferences = client.from("voice_preferences");
  const { error } =
    voiceId === null
      ? await preferences.delete().eq("user_id", userId)
      : await preferences.upsert({ user_id: userId, coach_voice_id: voiceId });
  if (error) throw toSidelineError(error);
}
