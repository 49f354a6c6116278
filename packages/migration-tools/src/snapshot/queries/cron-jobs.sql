-- The clockwork: the project's jobs by the pattern of their names, and any other that reaches into
-- our schemas.
select
  'cron job' as kind,
  coalesce(j.jobname, 'number ' || j.jobid)
  || case when j.username <> 'postgres' then ' of ' || j.username else '' end as name,
  concat_ws(
    E'\n',
    'schedule: ' || j.schedule,
    'command: ' || j.command,
    'runs as: ' || j.username,
    case when j.active then 'active' else 'inactive' end
  ) as definition,
  null as parent
from cron.job as j
where j.jobname like $3 or j.command ~ ('\m(' || array_to_string($1, '|') || ')"?\.')
