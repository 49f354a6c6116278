import type { DatabaseClient } from "@sideline/database";
import { callPipeline } from "../_shared/pipeline-call.ts";
import type { WriteBriefDeps } from "./write-brief.ts";

export function noteDraft(client: DatabaseClient): WriteBriefDeps["note"] {
  return async ({ id, lease_token }, findings) => {
    await callPipeline(client, "note_draft", { id, lease_token, findings });
  };
}
