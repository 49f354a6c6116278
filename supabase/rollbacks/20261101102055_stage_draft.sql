-- Undoes 20261101102055_stage_draft.sql.

alter publication supabase_realtime drop table public.sessions, public.session_drafts;
drop policy "nobody reads drafts without signing in" on public.session_drafts;
drop policy "nobody reads sessions without signing in" on public.sessions;
revoke select (id) on table public.sessions, public.session_drafts from anon;
drop trigger provider_calls_100_charge_draft on pipeline.provider_calls;
drop function pipeline.charge_draft();
drop function pipeline.complete_draft(jsonb);
drop function pipeline.write_draft(bigint, jsonb, timestamptz);
drop function pipeline.note_draft(bigint, uuid, jsonb);
drop function pipeline.claim_draft(int, int, text, boolean);
drop trigger session_drafts_900_drop_tasks on public.session_drafts;
drop trigger session_drafts_100_enqueue on public.session_drafts;
drop function pipeline.enqueue_drafts();
drop view pipeline.draft_items;
-- Deletes: the settings of a stage that is gone.
delete from pipeline.stages where stage = 'draft';
drop sequence pipeline.draft_served_turn;
