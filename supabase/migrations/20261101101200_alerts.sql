-- Alerts: rules over the samples of system_metrics. What holds for a rule's time fires once, is
-- told to operators, and is told again when it is over. Evaluated by cron every minute, and by the
-- endpoint for Prometheus where the scheduler itself has gone silent.

create table pipeline.alert_rules (
  name text primary key,
  metric text not null,
  labels jsonb not null default '{}',
  threshold double precision not null,
  held_for interval not null default '0',
  severity text not null default 'warning',
  summary text not null,
  runbook text not null,
  repeat_after interval not null default '1 hour',
  enabled boolean not null default true,
  silenced_until timestamptz,
  constraint name_is_snake_case check (name ~ '^[a-z][a-z0-9_]{0,59}$'),
  constraint severity_is_known check (severity in ('critical', 'warning')),
  constraint times_are_not_negative check (
    held_for >= interval '0' and repeat_after >= interval '1 minute'
  ),
  constraint texts_are_short check (length(summary) <= 300 and length(runbook) <= 200)
);

comment on table pipeline.alert_rules is 'What fires an alert.';
comment on column pipeline.alert_rules.name is 'Its name.';
comment on column pipeline.alert_rules.metric is 'The metric of system_metrics that it is about.';
comment on column pipeline.alert_rules.labels is 'Only series that have these labels; {} for all.';
comment on column pipeline.alert_rules.threshold is 'A greater value breaks it.';
comment on column pipeline.alert_rules.held_for is 'It fires when broken for so long.';
comment on column pipeline.alert_rules.severity is 'critical (told urgently) or warning.';
comment on column pipeline.alert_rules.summary is 'What it means, as a sentence.';
comment on column pipeline.alert_rules.runbook is 'The page that says what to do.';
comment on column pipeline.alert_rules.repeat_after is
  'What comes and goes is told once in this time.';
comment on column pipeline.alert_rules.enabled is 'False: it is not evaluated.';
comment on column pipeline.alert_rules.silenced_until is
  'Until then it fires without telling anybody; what still fires afterwards is told.';

insert into pipeline.alert_rules
  (name, metric, threshold, held_for, severity, summary, runbook)
values
  ('stage_stuck', 'oldest_ready_seconds', 300, '2 minutes', 'critical',
    'Items of a stage wait, and nobody takes them.', 'docs/runbooks/stuck-stage.md'),
  ('items_fail', 'failed_share', 0.01, '0', 'critical',
    'More than 1 % of a stage''s items failed for good in the last hour.',
    'docs/runbooks/failure-rate.md'),
  ('provider_away', 'circuit_open', 0, '10 minutes', 'critical',
    'A provider keeps failing: its circuit is open.', 'docs/runbooks/provider-outage.md'),
  ('cron_dead', 'cron_silent_seconds', 180, '0', 'critical',
    'A job of the scheduler has not succeeded lately.', 'docs/runbooks/dead-cron.md'),
  ('spend_high', 'spend_today', 50, '0', 'warning',
    'Providers have cost more today than the budget.', 'docs/runbooks/cost-spike.md'),
  ('rules_broken', 'violations', 0, '0', 'critical',
    'Rows break a rule of the state machine.', 'docs/runbooks/violations.md'),
  ('storage_full', 'storage_total_bytes', 80e9, '0', 'warning',
    'Stored files are near the limit of the plan.', 'docs/runbooks/storage-near-limit.md'),
  ('database_full', 'database_bytes', 6.4e9, '0', 'warning',
    'The database is near the limit of its disk.', 'docs/runbooks/storage-near-limit.md');

create table pipeline.alerts (
  id bigint generated always as identity primary key,
  rule text not null references pipeline.alert_rules (name) on delete cascade,
  labels jsonb not null,
  value double precision not null,
  since timestamptz not null,
  fired_at timestamptz,
  told_at timestamptz,
  resolved_at timestamptz,
  constraint fired_is_after_since check (fired_at >= since),
  constraint only_what_fired_is_told check (told_at is null or fired_at is not null),
  constraint only_what_fired_is_resolved check (resolved_at is null or fired_at is not null)
);

comment on table pipeline.alerts is 'Rules that are broken, and were.';
comment on column pipeline.alerts.id is 'Identity.';
comment on column pipeline.alerts.rule is 'The rule.';
comment on column pipeline.alerts.labels is 'Which series.';
comment on column pipeline.alerts.value is 'Its last value.';
comment on column pipeline.alerts.since is 'Since when it is broken.';
comment on column pipeline.alerts.fired_at is
  'When it fired; null while it is not held long enough.';
comment on column pipeline.alerts.told_at is 'When operators were told.';
comment on column pipeline.alerts.resolved_at is 'When it was over.';

create unique index alerts_open_idx on pipeline.alerts (rule, labels) where resolved_at is null;

create index alerts_rule_idx on pipeline.alerts (rule);

insert into pipeline.retention (schema_name, table_name, column_name, keep_for) values
  ('pipeline', 'alerts', 'resolved_at', '90 days');

create trigger alert_rules_200_log_change
after insert or update or delete on pipeline.alert_rules
for each row execute function pipeline.log_change('alert_rule_changed', 'name');

-- Tells operators that an alert fired, or was resolved.
create function pipeline.tell_alert(alert pipeline.alerts, rule pipeline.alert_rules)
returns int
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_event text := case when alert.resolved_at is null then 'fired' else 'resolved' end;
  v_of text := (
    select coalesce(' (' || string_agg(l.key || ' ' || l.value, ', ' order by l.key) || ')', '')
    from jsonb_each_text(alert.labels) as l
  );
begin
  return pipeline.post_message(
    'alerts', 'alert ' || alert.id || ' ' || v_event,
    case rule.severity when 'critical' then 'urgent' else 'normal' end,
    format('[%s] %s%s', case v_event when 'fired' then rule.severity else 'resolved' end,
      rule.name, v_of),
    format(E'%s\n\n%s%s is %s; the limit is %s.\nSince %s UTC.\nWhat to do: %s\n',
      rule.summary, rule.metric, v_of, round(alert.value::numeric, 4), rule.threshold,
      to_char(alert.since at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), rule.runbook),
    jsonb_build_object(
      'event', 'alert.' || v_event, 'alert_id', alert.id, 'rule', rule.name,
      'severity', rule.severity, 'labels', alert.labels, 'value', alert.value,
      'threshold', rule.threshold, 'since', alert.since, 'fired_at', alert.fired_at,
      'resolved_at', alert.resolved_at, 'runbook', rule.runbook
    )
  );
end
$$;

-- Brings the open alerts in line with the last samples, at most 100 series of each rule. An alert
-- whose metric is no longer sampled stays as it is: nobody knows whether it is over.
create function pipeline.update_alerts(at timestamptz)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_samples jsonb := (
    select coalesce(jsonb_agg(jsonb_build_object(
      'name', m.name, 'labels', m.labels, 'value', m.value
    )), '[]')
    from pipeline.latest_metrics(update_alerts.at) as m
    where m.name in (select r.metric from pipeline.alert_rules as r)
  );
begin
  insert into pipeline.alerts as a (rule, labels, value, since)
  select b.rule, b.labels, b.value, update_alerts.at
  from (
    select r.name as rule, s.labels, s.value,
      row_number() over (partition by r.name order by s.value desc) as place
    from pipeline.alert_rules as r
    join jsonb_to_recordset(v_samples) as s (name text, labels jsonb, value float8)
      on s.name = r.metric and s.labels @> r.labels and s.value > r.threshold
    where r.enabled
  ) as b
  where b.place <= 100
  on conflict (rule, labels) where resolved_at is null do update set value = excluded.value;
  with over as (
    select a.id, a.fired_at from pipeline.alerts as a
    join pipeline.alert_rules as r on r.name = a.rule
    where a.resolved_at is null and (
      not r.enabled or exists (
        select from jsonb_to_recordset(v_samples) as s (name text) where s.name = r.metric
      )
    ) and not exists (
      select from jsonb_to_recordset(v_samples) as s (name text, labels jsonb, value float8)
      where r.enabled and s.name = r.metric and s.labels = a.labels and s.value > r.threshold
    )
  ),
  never_fired as (
    delete from pipeline.alerts as a using over as o where a.id = o.id and o.fired_at is null
  )
  update pipeline.alerts as a set resolved_at = update_alerts.at
  from over as o where a.id = o.id and o.fired_at is not null;
  update pipeline.alerts as a set fired_at = update_alerts.at
  from pipeline.alert_rules as r
  where r.name = a.rule and a.resolved_at is null and a.fired_at is null
    and a.since <= update_alerts.at - r.held_for;
end
$$;

-- Called by cron every minute: what fired is told once, and its end, unless the rule is silenced.
-- What nobody could be told, having no contact or sent too many already, is tried again.
create function pipeline.evaluate_alerts()
returns table (rule text, labels jsonb, told text)
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
  v record;
begin
  perform pg_advisory_xact_lock(hashtext('pipeline.alerts'));
  perform pipeline.update_alerts(v_now);
  for v in
    select a as alert, r as rule from pipeline.alerts as a
    join pipeline.alert_rules as r on r.name = a.rule
    where a.fired_at is not null
      and (a.resolved_at is null and a.told_at is null or a.resolved_at = v_now)
      and (r.silenced_until > v_now) is not true
    -- What is over has this one chance; 'critical' comes before 'warning'.
    order by a.resolved_at is null, r.severity, a.id
    limit 200
  loop
    rule := (v.rule).name;
    labels := (v.alert).labels;
    if (v.alert).resolved_at is not null then
      continue when (v.alert).told_at is null;
      told := 'resolved';
    else
      continue when exists (
        select from pipeline.alerts as a
        where a.rule = (v.rule).name and a.labels = (v.alert).labels
          and a.told_at > v_now - (v.rule).repeat_after and a.told_at <= v_now
      );
      told := 'fired';
    end if;
    continue when pipeline.tell_alert(v.alert, v.rule) = 0;
    update pipeline.alerts as a set told_at = coalesce(a.told_at, v_now)
    where a.id = (v.alert).id;
    return next;
  end loop;
end
$$;

alter table pipeline.alert_rules enable row level security;
alter table pipeline.alerts enable row level security;

create policy "operators set the rules" on pipeline.alert_rules
for all to service_role using (true) with check (true);
create policy "operators read the alerts" on pipeline.alerts
for select to service_role using (true);

revoke all on table pipeline.alert_rules, pipeline.alerts
from public, anon, authenticated, service_role;
revoke all on sequence pipeline.alerts_id_seq from public, anon, authenticated, service_role;
grant select, insert, update, delete on table pipeline.alert_rules to service_role;
grant select on table pipeline.alerts to service_role;

revoke all on function
  pipeline.tell_alert(pipeline.alerts, pipeline.alert_rules),
  pipeline.update_alerts(timestamptz),
  pipeline.evaluate_alerts()
from public, anon, authenticated;
