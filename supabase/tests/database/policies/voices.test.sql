begin;
select plan(13);

select tests.people();

select tests.act_as('owner');
select isnt_empty($$ select id from public.coach_voices $$, 'users read the voices');
select throws_ok(
  $$ update public.coach_voices set name = 'Mine' $$, '42501', null, 'users change no voice'
);
select lives_ok(
  $$ insert into public.voice_preferences (coach_voice_id)
     select id from public.coach_voices where name = 'Morgan' $$,
  'a user chooses a voice'
);
select lives_ok(
  $$ insert into public.voice_preferences (user_id, coach_voice_id)
     select 'a0000000-0000-4000-8000-000000000001', id from public.coach_voices where name = 'Sam'
     on conflict (user_id) do update
     set user_id = excluded.user_id, coach_voice_id = excluded.coach_voice_id $$,
  'a user changes the voice by upsert'
);
select results_eq(
  $$ select v.name from public.voice_preferences as p
     join public.coach_voices as v on v.id = p.coach_voice_id $$,
  $$ values ('Sam') $$, 'a user reads the choice'
);
select throws_ok(
  $$ insert into public.voice_preferences (user_id, coach_voice_id)
     select 'b0000000-0000-4000-8000-000000000002', id from public.coach_voices limit 1 $$,
  '42501', null, 'nobody chooses for another user'
);

select tests.act_as('stranger');
select is_empty($$ select user_id from public.voice_preferences $$, 'a stranger reads no choice');
select is_empty(
  $$ update public.voice_preferences set coach_voice_id = coach_voice_id returning user_id $$,
  'a stranger changes no choice'
);
select is_empty(
  $$ delete from public.voice_preferences returning user_id $$, 'a stranger deletes no choice'
);

select tests.act_as('anon');
select throws_ok(
  $$ select id from public.coach_voices $$, '42501', null, 'anonymous callers read no voices'
);
select throws_ok(
  $$ select user_id from public.voice_preferences $$, '42501', null,
  'anonymous callers read no choices'
);

select tests.act_as('owner');
select isnt_empty(
  $$ delete from public.voice_preferences returning user_id $$, 'a user forgets the choice'
);

reset role;
select throws_ok(
  $$ insert into public.coach_voices (name, description, language_code, voice_name, style,
       is_default)
     values ('Second', 'Another default.', 'en-US', 'en-US-Neural2-A', 'clear', true) $$,
  '23505', null, 'a language has one default voice'
);

select * from finish();
rollback;
