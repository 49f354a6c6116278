-- Out of the queue, when what an item was about changes or goes.

-- Takes items out of the queue, whoever holds them, and out of the list of what failed.
create function pipeline.take_out(stages text[], ids bigint[])
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_held pipeline.tasks[];
begin
  with gone as (
    delete from pipeline.tasks as t
    where t.stage = any (take_out.stages) and t.subject_id = any (take_out.ids)
    returning t as task
  )
  select array_agg(g.task) into v_held from gone as g where (g.task).lease_token is not null;
  delete from pipeline.failures as f
  where f.stage = any (take_out.stages) and f.subject_id = any (take_out.ids);
  if v_held is not null then
    perform pipeline.end_attempts(v_held, 'cancelled', null, pipeline.now());
    perform pipeline.give_back_probe(array(select h.lease_token from unnest(v_held) as h));
  end if;
end
$$;

-- After-delete trigger of every table that stages work on; its arguments are the stages.
create function pipeline.drop_tasks()
returns trigger
-- Definer: owners delete their rows, and may not use the queue.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform pipeline.take_out(tg_argv, array(select o.id from old_rows as o));
  perform pipeline.forget_answers(tg_argv, array(select o.id from old_rows as o));
  delete from pipeline.retries as r
  where r.stage = any (tg_argv) and r.subject_id = any (array(select o.id from old_rows as o));
  delete from public.processing_timeline as p
  where p.user_id = any (array(select o.user_id from old_rows as o)) and p.stage = any (tg_argv)
    and p.subject_id = any (array(select o.id from old_rows as o));
  return null;
end
$$;

revoke all on function pipeline.take_out(text[], bigint[]), pipeline.drop_tasks()
from public, anon, authenticated;
grant execute on function pipeline.take_out(text[], bigint[]) to service_role;
