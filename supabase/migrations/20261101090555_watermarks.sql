-- Where the claims of a stage begin to look. Below `turn` nothing is left to claim but what
-- committed late, so claims need not walk over the remains of what others took, which a transaction
-- that is held open for long keeps from being cleaned away. Written once a second, not per claim.
create table pipeline.watermarks (
  stage text primary key references pipeline.stages (stage) on delete cascade,
  turn bigint not null default 0,
  next_turn bigint not null default 0,
  moved_at timestamptz not null default '-infinity'
);

comment on table pipeline.watermarks is 'Where the claims of each stage begin to look.';
comment on column pipeline.watermarks.stage is 'The stage.';
comment on column pipeline.watermarks.turn is 'Claims begin here; once a second one begins at 0.';
comment on column pipeline.watermarks.next_turn is 'The latest claimed turn at moved_at.';
comment on column pipeline.watermarks.moved_at is
  'When a claim last moved it, and swept the stage.';

insert into pipeline.watermarks (stage)
select s.stage from pipeline.stages as s;

-- Called by a claim that found the watermark a second old (or ahead of a clock that went back).
-- True where this claim moved it and so is to sweep and to look below; false where another one is.
create function pipeline.move_watermark(stage text, at timestamptz)
returns boolean
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_served bigint := case move_watermark.stage
    when 'analysis' then (select s.last_value from pipeline.analysis_served_turn as s)
    when 'ssml' then (select s.last_value from pipeline.ssml_served_turn as s)
    else (select s.last_value from pipeline.audio_served_turn as s)
  end;
begin
  update pipeline.watermarks as w
  set turn = w.next_turn, next_turn = v_served, moved_at = move_watermark.at
  where w.stage = any (array(
    select m.stage from pipeline.watermarks as m
    where m.stage = move_watermark.stage
      and not (
        m.moved_at > move_watermark.at - interval '1 second' and m.moved_at <= move_watermark.at
      )
    for update skip locked
  ));
  return found;
end
$$;

-- Called by the claim that looked below, with the lowest turn that it found: where one transaction
-- committed late there may be more, and the next second's claims begin there.
create function pipeline.lower_watermark(stage text, turn bigint)
returns void
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
begin
  update pipeline.watermarks as w
  set turn = least(w.turn, lower_watermark.turn),
    next_turn = least(w.next_turn, lower_watermark.turn)
  where w.stage = lower_watermark.stage and w.turn > lower_watermark.turn;
end
$$;

alter table pipeline.watermarks enable row level security;

create policy "workers and operators read and move the watermarks" on pipeline.watermarks
for all to service_role using (true) with check (true);

revoke all on table pipeline.watermarks from public, anon, authenticated, service_role;
grant select, update on table pipeline.watermarks to service_role;

revoke all on function pipeline.move_watermark(text, timestamptz) from public, anon, authenticated;
revoke all on function pipeline.lower_watermark(text, bigint) from public, anon, authenticated;
grant execute on function pipeline.move_watermark(text, timestamptz) to service_role;
grant execute on function pipeline.lower_watermark(text, bigint) to service_role;
