/** How a recording shall be analysed: in which language, and by which session's brief. */
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { SidelineError, toSidelineError } from "../sideline-error.ts";

type Client = SupabaseClient<Database>;

export interface AnalysisWishes {
  /** Session whose brief the analysis follows. */
  sessionId?: number;
  /** Language of the feedback, as BCP 47 tag; by default the brief's, else the database's. */
  language?: string;
}

/** The columns of a recording that say so. @throws SidelineError where the session is not there */
export async function columnsOf(
  client: Client,
  { sessionId, language }: AnalysisWishes,
): Promise<{ session_id?: number; language?: string }> {
  const spoken = language === undefined ? {} : { language };
  if (sessionId === undefined) return spoken;
  const { data, error } = await client
    .from("sessions")
    .select("language:current_ir->>language")
    .eq("id", sessionId)
    .maybeSingle();
  if (error) throw toSidelineError(error);
  if (!data) throw new SidelineError("not_found", `Session ${sessionId} is not there.`);
  return { language: data.language, ...spoken, session_id: sessionId };
}

/** Of a recording that is there; refused where its analysis has begun with another session. */
export async function setWishes(
  client: Client,
  recordingId: number,
  wishes: AnalysisWishes,
): Promise<void> {
  const columns = await columnsOf(client, wishes);
  if (Object.keys(columns).length === 0) return;
  const { data, error } = await client
    .from("video_recordings")
    .update(columns)
    .eq("id", recordingId)
    .select("id");
  if (error) throw toSidelineError(error, { PT409: "invalid_request" });
  if (data.length === 0) throw new SidelineError("not_found", "The recording was deleted.");
}
