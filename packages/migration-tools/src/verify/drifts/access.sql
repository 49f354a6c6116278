-- Each is a change by hand, and behind it what has to be said of it: --> the differences in order,
-- --- a piece of what was expected, --+ a piece of what is there.

-- a policy loosened
alter policy "owners read their analysis" on public.analysis_jobs using (true);
--> changed policy "owners read their analysis" on public.analysis_jobs
--- user_id = ( SELECT auth.uid()
--+ using (true)

-- a grant to anon
grant select on public.analysis_jobs to anon;
--> unexpected grant table public.analysis_jobs to anon
--+ select

-- a function replaced
create or replace function pipeline.now() returns timestamptz
  language sql stable security invoker set search_path = '' as 'select now()';
--> changed function pipeline.now()
--- current_setting('pipeline.now'
--+ select now()

-- a table left out of the publication
alter publication supabase_realtime drop table public.analysis_feedback;
--> missing published table public.analysis_feedback in supabase_realtime

-- a bucket made public
update storage.buckets set public = true where id = 'raw';
--> changed bucket raw
--- private
--+ public

-- an extra table, once, with all that belongs to it
create table public.extra (id bigint generated always as identity primary key, note text);
create index on public.extra (note);
grant select on public.extra to anon;
--> unexpected table public.extra

-- row level security disabled
alter table public.analysis_jobs disable row level security;
--> changed table public.analysis_jobs
--- row level security: enabled
--+ row level security: disabled

-- a policy for more roles
alter policy "owners read their feedback" on public.analysis_feedback to public;
--> changed policy "owners read their feedback" on public.analysis_feedback
--- to authenticated
--+ to public

-- one more policy on Storage
create policy "everyone reads" on storage.objects for select to anon using (true);
--> unexpected policy "everyone reads" on storage.objects

-- a function made security definer
alter function pipeline.enforce_data_retention() security definer;
--> changed function pipeline.enforce_data_retention()

-- a function's search_path removed
alter function public.retry_analysis(bigint) reset search_path;
--> changed function public.retry_analysis(bigint)
--- SET search_path TO ''
--+ SECURITY DEFINER

-- execute granted to everyone
grant execute on function pipeline.dispatch() to public;
--> unexpected grant function pipeline.dispatch() to public

-- a grant for one more column
grant update (storage_path) on public.video_recordings to authenticated;
--> changed grant column public.video_recordings.storage_path to authenticated
--- insert
--+ insert, update

-- a grant that may be passed on
grant select on public.coach_voices to authenticated with grant option;
--> changed grant table public.coach_voices to authenticated
--- select
--+ select with grant option

-- a sequence that users may move
grant update on sequence public.analysis_jobs_id_seq to authenticated;
--> unexpected grant sequence public.analysis_jobs_id_seq to authenticated

-- a schema that users may enter
grant usage on schema pipeline to authenticated;
--> unexpected grant schema pipeline to authenticated

-- default privileges
alter default privileges for role postgres in schema public grant select on tables to anon;
--> unexpected default privileges tables made by postgres in public to anon

-- a publication that tells everybody of deletions
alter publication supabase_realtime set (publish = 'insert, update, delete');
--> changed publication supabase_realtime

-- a publication that filters rows
alter publication supabase_realtime drop table public.analysis_jobs;
alter publication supabase_realtime add table public.analysis_jobs where (id > 0);
--> changed published table public.analysis_jobs in supabase_realtime

-- a bucket that takes anything
update storage.buckets set allowed_mime_types = null where id = 'processed';
--> changed bucket processed

-- row level security forced on the owner
alter table public.analysis_jobs force row level security;
--> changed table public.analysis_jobs
--- enabled
--+ enabled, forced on the owner

-- a restrictive policy in place of a permissive one
drop policy "users read the voices" on public.coach_voices;
create policy "users read the voices" on public.coach_voices
  as restrictive for select to authenticated using (true);
--> changed policy "users read the voices" on public.coach_voices
--- permissive
--+ restrictive

-- a policy that lets anything be written
alter policy "owners add their recordings" on public.video_recordings with check (true);
--> changed policy "owners add their recordings" on public.video_recordings
--- with check ((user_id
--+ with check (true)

-- a view that reads with its owner's rights
alter view pipeline.violations reset (security_invoker);
--> changed view pipeline.violations
--- security_invoker
--+ owner: postgres

-- a trigger that fires otherwise
create or replace trigger stages_touch_updated_at after update on pipeline.stages
  for each row execute function pipeline.touch_updated_at();
--> changed trigger stages_touch_updated_at on pipeline.stages
--- BEFORE UPDATE
--+ AFTER UPDATE

-- a bucket that takes larger files
update storage.buckets set file_size_limit = null where id = 'assets';
--> changed bucket assets
--- bytes
--+ size limit: none

-- default privileges of functions in every schema
alter default privileges for role postgres revoke execute on functions from public;
--> missing default privileges functions made by postgres to public

-- a comment on whatever can have one
comment on schema pipeline is 'x';
comment on table public.coach_voices is 'x';
comment on constraint confidence_is_a_share on public.analysis_jobs is 'x';
comment on index public.analysis_feedback_user_id_idx is 'x';
comment on function pipeline.now() is 'x';
comment on sequence public.analysis_jobs_id_seq is 'x';
comment on trigger stages_touch_updated_at on pipeline.stages is 'x';
comment on policy "users read the voices" on public.coach_voices is 'x';
comment on view pipeline.violations is 'x';
--> changed constraint confidence_is_a_share on public.analysis_jobs
--> changed function pipeline.now()
--> changed index public.analysis_feedback_user_id_idx
--> changed policy "users read the voices" on public.coach_voices
--> changed schema pipeline
--> changed sequence public.analysis_jobs_id_seq
--> changed table public.coach_voices
--> changed trigger stages_touch_updated_at on pipeline.stages
--> changed view pipeline.violations

-- a publication that leaves out what is new
alter publication supabase_realtime set (publish = 'delete, truncate');
--> changed publication supabase_realtime
--- insert, update
--+ publishes: delete, truncate
