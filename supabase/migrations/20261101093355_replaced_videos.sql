-- Videos that were replaced by another version after their analysis (an upsert under the same name)
-- are analysed anew.

create sequence pipeline.replacements_looked_at as bigint minvalue 0 start 0;

comment on sequence pipeline.replacements_looked_at is
  'The recording at which recognise_replacements() ended.';

-- Called by cron: 500 recordings of the last week a call, from where the last call ended; none
-- while stage `upload` is paused. An app that says so at once (ai-analyze-video) need not wait.
create function pipeline.recognise_replacements()
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_after bigint := coalesce(
    pg_sequence_last_value('pipeline.replacements_looked_at'::regclass), 0
  );
  v_ids bigint[] := array(
    select v.id from public.video_recordings as v where v.id > v_after order by v.id limit 500
  );
begin
  if not exists (select from pipeline.stages as s where s.stage = 'upload' and s.enabled) then
    return 0;
  end if;
  perform setval(
    'pipeline.replacements_looked_at',
    case when cardinality(v_ids) = 500 then v_ids[500] else coalesce((
      select min(v.id) - 1 from (
        select r.id from public.video_recordings as r
        where r.created_at > pipeline.now() - interval '7 days'
        order by r.created_at limit 1
      ) as v
    ), 0) end
  );
  return pipeline.analyse_replaced(v_ids);
end
$$;

revoke all on sequence pipeline.replacements_looked_at
from public, anon, authenticated, service_role;
grant select, update on sequence pipeline.replacements_looked_at to service_role;
revoke all on function pipeline.recognise_replacements() from public, anon, authenticated;
grant execute on function pipeline.recognise_replacements() to service_role;
