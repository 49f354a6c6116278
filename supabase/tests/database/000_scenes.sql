-- Where the other files begin. Each of them calls the scene that it needs, in a transaction that it
-- rolls back; this one, which runs first, leaves the schema `tests` to them.
begin;
drop schema if exists tests cascade;
create schema tests;
grant usage on schema tests to anon, authenticated, service_role;

-- Users by their names, of which their ids are made; one called operator is one.
create function tests.users(variadic names text[])
returns void language sql as $$
  insert into auth.users (id, email, raw_app_meta_data)
  select md5(name)::uuid, name || '@example.com', jsonb_build_object('role', name)
  from unnest(names) as name;
$$;

create function tests.claims_of(name text)
returns jsonb language sql security definer set search_path = '' as $$
  select jsonb_build_object('sub', u.id, 'role', 'authenticated', 'app_metadata',
    u.raw_app_meta_data)
  from auth.users as u where u.email = name || '@example.com'
$$;
-- The next statements are a user's, or anybody's with the key of 'anon' or 'service_role'.
create function tests.act_as(name text)
returns void language plpgsql as $$
declare
  v_claims constant jsonb := coalesce(tests.claims_of(name), jsonb_build_object('role', name));
begin
  perform set_config('request.jwt.claims', v_claims::text, true);
  perform set_config('role', v_claims ->> 'role', true);
end
$$;
-- The same token, with the rights of whoever asks.
create function tests.sign_in(name text)
returns void language sql as $$
  select set_config('request.jwt.claims', tests.claims_of(name)::text, true);
$$;
grant execute on all functions in schema tests to anon, authenticated, service_role;

-- Owners, at midnight, with pg_temp.upload, pg_temp.claim and the view `items`.
create function tests.queue()
returns void language plpgsql as $$
begin
  delete from public.video_recordings;
  perform tests.users('heavy', 'light', 'third');
  set local pipeline.now = '2030-01-01 00:00:00+00';
  create function pg_temp.upload(owner text, count int default 1)
  returns void language sql as $of$
    insert into public.video_recordings (user_id, filename, storage_path, upload_status)
    select md5(owner)::uuid, 'a.mp4', md5(owner)::uuid || '/' || gen_random_uuid(), 'completed'
    from generate_series(1, count)
  $of$;
  -- Analyses by name, e.g. 'heavy 1', with what the queue knows of them.
  create temp view items as
  select split_part(u.email, '@', 1) || ' '
      || row_number() over (partition by j.user_id order by j.id) as name,
    j.id, j.user_id, j.status, j.attempts, j.error_code, j.last_error, t.turn, t.lease_token,
    t.available_at, t.losses::int, t.deferred_seconds, t.progress, t.parked
  from public.analysis_jobs as j
  join auth.users as u on u.id = j.user_id
  left join pipeline.tasks as t on t.stage = 'analysis' and t.subject_id = j.id;
  create function pg_temp.claim(batch_size int, busy boolean default false)
  returns setof text language sql as $of$
    select i.name from pipeline.claim_analysis(batch_size, busy => claim.busy) as c
    join items as i using (id) order by i.name collate "C"
  $of$;
end
$$;

create function tests.people()
returns void language sql as $$
  insert into auth.users (id, email) values
    ('a0000000-0000-4000-8000-000000000001', 'owner@example.com'),
    ('b0000000-0000-4000-8000-000000000002', 'stranger@example.com');
$$;

-- Recording -1 of the owner, which is still to come.
create function tests.recording()
returns void language sql as $$
  select tests.people();
  insert into public.video_recordings (id, user_id, filename, storage_path)
  overriding system value
  values (-1, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
    'a0000000-0000-4000-8000-000000000001/a.mp4');
$$;

-- Job -1 of that recording, finished.
create function tests.analysis()
returns void language sql as $$
  select tests.recording();
  insert into public.analysis_jobs (id, video_recording_id, user_id, coach, status)
  overriding system value
  values (-1, -1, 'a0000000-0000-4000-8000-000000000001', '{"style":"calm"}', 'completed');
$$;

-- Remarks of that job by their ids, queued for their SSML.
create function tests.remarks(variadic ids bigint[])
returns void language sql as $$
  insert into public.analysis_feedback (id, analysis_job_id, user_id, start_seconds, end_seconds,
    category, severity, confidence, message)
  overriding system value
  select r.id, -1, 'a0000000-0000-4000-8000-000000000001', 1, 2, 'motion', 'low', 0.5, 'Hello'
  from unnest(ids) as r (id);
$$;

-- That job with remark -1.
create function tests.remark()
returns void language sql as $$
  select tests.analysis();
  select tests.remarks(-1);
$$;

-- Recordings of the owner, -1 and on, as far as the upload is.
create function tests.recordings(count int, upload_status text default 'pending')
returns void language sql as $$
  insert into public.video_recordings (id, user_id, filename, storage_path, upload_status)
  overriding system value
  select -i, 'a0000000-0000-4000-8000-000000000001', 'a.mp4',
    'a0000000-0000-4000-8000-000000000001/' || i || '.mp4', recordings.upload_status
  from generate_series(1, recordings.count) as i;
$$;

-- So many recordings of the owner, at midnight, each of which waits in all three stages.
create function tests.all_stages(count int)
returns void language plpgsql as $$
begin
  delete from public.video_recordings;
  perform tests.people();
  set local pipeline.now = '2030-01-01 00:00:00+00';
  perform tests.recordings(all_stages.count, 'completed');
  insert into public.analysis_feedback (analysis_job_id, user_id, start_seconds, end_seconds,
    category, severity, confidence, message)
  select j.id, j.user_id, 1, 2, 'motion', 'low', 0.5, 'Hello' from public.analysis_jobs as j;
  -- As if the SSML of all were there already.
  perform pipeline.enqueue('audio', array_agg(f.id), array_agg(f.user_id))
  from public.analysis_feedback as f;
end
$$;

commit;

begin;
select plan(1);
select has_schema('tests', 'the scenes are set');
select * from finish();
rollback;
