import type pg from "pg";

/** A session with all that belongs to one, two recordings among it, and one with its beginning. */
export async function insertSampleSessions(client: pg.Client, userId: string): Promise<void> {
  const hole = `{"id": "hand", "type": "text", "question": "Which?", "options": null, "unit": null,
    "required": true, "default": null, "answer": null}`;
  await client.query(
    `insert into public.sessions (user_id, request, current_ir)
     values ($1, 'The toss', pipeline.empty_brief() || $2::jsonb), ($1, '', default)`,
    [userId, `{"holes": [${hole}]}`],
  );
  await client.query(
    `update public.video_recordings set session_id = (
       select id from public.sessions where user_id = $1 and request <> ''
     ) where user_id = $1 and filename <> 'uploading.mp4'`,
    [userId],
  );
  const ofIt = "from public.sessions where user_id = $1 and request <> ''";
  for (const answer of ["right", "left"]) {
    await client.query(
      `insert into public.session_drafts (session_id, user_id) select id, user_id ${ofIt}`,
      [userId],
    );
    await client.query(
      `insert into public.hole_resolutions (session_id, user_id, base_revision, hole_id, value)
       select id, user_id, revision, 'hand', to_jsonb($2::text) ${ofIt}`,
      [userId, answer],
    );
  }
}
