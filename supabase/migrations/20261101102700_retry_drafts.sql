-- The owner's retry of a draft that failed: as in retry.sql, counted for each draft.

create function public.retry_draft(draft_id bigint)
returns text
-- Definer: owners may not write session_drafts. The owner is checked here.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if not exists (
    select from public.session_drafts as d
    where d.id = retry_draft.draft_id and d.user_id = (select auth.uid())
  ) then
    raise exception 'draft % not found', draft_id using errcode = 'PT404';
  end if;
  perform pipeline.requeue('draft', retry_draft.draft_id);
  perform pipeline.count_retry('draft', retry_draft.draft_id);
  return 'queued';
end
$$;

comment on function public.retry_draft(bigint) is
  'Queues the caller''s failed draft anew. '
  'Errors: PT404 not found, SL001 not failed, PT429 retried too often.';

revoke all on function public.retry_draft(bigint) from public, anon, authenticated, service_role;
grant execute on function public.retry_draft(bigint) to authenticated;
