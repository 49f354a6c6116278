import type pg from "pg";

/** One row or more of what stands beside an analysis: sessions, renders, messages and records. */
export async function fillRecords(client: pg.Client, owner: string): Promise<void> {
  await fillSession(client, owner);
  await fillRender(client, owner);
  await client.query(`
    insert into public.contacts (user_id, contact_type, address, topics)
    values ('${owner}', 'webhook', 'https://example.com/', array['feedback_ready']);
    insert into public.message_queue
      (contact_id, user_id, topic, contact_type, message_key, subject, body)
    select id, user_id, 'feedback_ready', 'webhook', 'kept', 'Ready', 'It is ready.'
    from public.contacts;
    insert into public.deleted_recordings (id, user_id) values (-1, '${owner}');
    insert into public.storage_operations
      (user_id, operation, bucket, path, outcome, milliseconds, function_name)
    values ('${owner}', 'download', 'raw', '${owner}/a.mp4', 'done', 5, 'ai-analyze-video');
    insert into pipeline.erasures (bucket, path, user_id, reason)
    values ('raw', '${owner}/c.mp4', '${owner}', 'row_deleted');
    insert into pipeline.failures (stage, subject_id, user_id, error_code, failed_at)
    values ('analysis', -1, '${owner}', 'provider_failed', now());
    insert into pipeline.provider_calls
      (id, stage, subject_id, user_id, attempt, provider, model, request_hash, ms)
    values (gen_random_uuid(), 'analysis', -1, '${owner}', 1, 'kept', 'kept', repeat('0', 64), 5);
    insert into pipeline.checkups (checked_at, violations, found) values (now(), 0, '{}');
    insert into pipeline.system_metrics (name, at, value) values ('kept', now(), 1);
    insert into pipeline.alerts (rule, labels, value, since)
    values ('stage_stuck', '{}', 400, now());
    insert into pipeline.rate_limits (subject, count, ends_at) values ('kept', 1, now())`);
}

/** A session whose question is answered, with a draft. */
async function fillSession(client: pg.Client, owner: string): Promise<void> {
  const hole = `{"id": "hand", "type": "text", "question": "Which?", "options": null, "unit": null,
    "required": true, "default": null, "answer": null}`;
  await client.query(`
    insert into public.sessions (user_id, request, current_ir)
    values ('${owner}', 'The toss', pipeline.empty_brief() || '{"holes": [${hole}]}');
    insert into public.session_drafts (session_id, user_id)
    select id, user_id from public.sessions;
    insert into public.hole_resolutions (session_id, user_id, base_revision, hole_id, value)
    select id, user_id, revision, 'hand', '"right"' from public.sessions`);
}

/** A composition with a text, shared by a link that somebody opened. */
async function fillRender(client: pg.Client, owner: string): Promise<void> {
  await client.query(`
    insert into public.render_jobs (user_id, format, width, height, fps)
    values ('${owner}', 'mp4', 1280, 720, 30);
    insert into public.render_elements (render_job_id, element_type, text)
    select id, 'text', 'Well done.' from public.render_jobs;
    insert into public.render_links (render_job_id, user_id, token_hash, expires_at)
    select id, user_id, sha256('kept'), now() + interval '1 hour' from public.render_jobs;
    insert into public.url_access_logs (render_link_id, user_id)
    select id, user_id from public.render_links`);
}
