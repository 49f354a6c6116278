-- Voices that feedback can be spoken in, and each user's choice. The choice is copied into the
-- job when it is queued, so that changing it later does not change a running analysis.

create table public.coach_voices (
  id bigint generated always as identity primary key,
  name text not null,
  description text not null,
  language_code text not null,
  voice_name text not null,
  speaking_rate numeric not null default 1.0,
  pitch numeric not null default 0,
  style text not null,
  is_default boolean not null default false,
  constraint coach_voices_name_key unique (name),
  constraint name_is_not_blank check (btrim(name) <> ''),
  constraint language_code_is_a_tag check (language_code ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  constraint voice_name_is_not_blank check (btrim(voice_name) <> ''),
  constraint speaking_rate_is_between_a_quarter_and_twice check (speaking_rate between 0.25 and 2),
  constraint pitch_is_within_20_semitones check (pitch between -20 and 20)
);

comment on table public.coach_voices is 'Voices to choose from; product data.';
comment on column public.coach_voices.id is 'Identity.';
comment on column public.coach_voices.name is 'Name shown to users.';
comment on column public.coach_voices.description is 'How the voice sounds, in a sentence.';
comment on column public.coach_voices.language_code is 'Language the voice speaks, as BCP 47 tag.';
comment on column public.coach_voices.voice_name is 'The speech provider''s name of the voice.';
comment on column public.coach_voices.speaking_rate is '1.0 is the voice''s own speed.';
comment on column public.coach_voices.pitch is 'Semitones above or below the voice''s own pitch.';
comment on column public.coach_voices.style is 'How the SSML should read, for the model''s prompt.';
comment on column public.coach_voices.is_default is 'Used where the owner has chosen none.';

create unique index a_language_has_one_default_voice
on public.coach_voices (language_code) where is_default;

create table public.voice_preferences (
  user_id uuid primary key default auth.uid() references auth.users (id) on delete cascade,
  coach_voice_id bigint not null references public.coach_voices (id) on delete cascade,
  created_at timestamptz not null default pipeline.now(),
  updated_at timestamptz not null default pipeline.now()
);

comment on table public.voice_preferences is 'The voice a user wants to hear; one row a user.';
comment on column public.voice_preferences.user_id is 'Owner.';
comment on column public.voice_preferences.coach_voice_id is 'The chosen voice.';
comment on column public.voice_preferences.created_at is 'When first chosen.';
comment on column public.voice_preferences.updated_at is 'When last changed.';

create index voice_preferences_coach_voice_id_idx on public.voice_preferences (coach_voice_id);

create trigger voice_preferences_touch_updated_at
before update on public.voice_preferences
for each row execute function pipeline.touch_updated_at();

insert into public.coach_voices
  (name, description, language_code, voice_name, speaking_rate, pitch, style, is_default)
values
  ('Riley', 'Clear and matter-of-fact.', 'en-US', 'en-US-Neural2-C', 1.0, 0, 'clear', true),
  ('Morgan', 'Calm, for a first look.', 'en-US', 'en-US-Neural2-D', 0.9, -2, 'calm', false),
  ('Sam', 'Quick and encouraging.', 'en-US', 'en-US-Neural2-F', 1.1, 1, 'energetic', false),
  ('Alex', 'Clear, British.', 'en-GB', 'en-GB-Neural2-B', 1.0, 0, 'clear', true),
  ('Kim', 'Klar und sachlich.', 'de-DE', 'de-DE-Neural2-C', 1.0, 0, 'clear', true),
  ('Noa', 'Clara y directa.', 'es-ES', 'es-ES-Neural2-A', 1.0, 0, 'clear', true),
  ('Camille', 'Claire et posée.', 'fr-FR', 'fr-FR-Neural2-A', 1.0, 0, 'clear', true),
  ('Giulia', 'Chiara e diretta.', 'it-IT', 'it-IT-Neural2-A', 1.0, 0, 'clear', true),
  ('Bruna', 'Clara e direta.', 'pt-BR', 'pt-BR-Neural2-A', 1.0, 0, 'clear', true),
  ('Sanne', 'Helder en zakelijk.', 'nl-NL', 'nl-NL-Wavenet-A', 1.0, 0, 'clear', true),
  ('Elin', 'Klar och saklig.', 'sv-SE', 'sv-SE-Wavenet-A', 1.0, 0, 'clear', true),
  ('Freja', 'Klar og saglig.', 'da-DK', 'da-DK-Wavenet-A', 1.0, 0, 'clear', true),
  ('Ingrid', 'Klar og saklig.', 'nb-NO', 'nb-NO-Wavenet-A', 1.0, 0, 'clear', true),
  ('Aino', 'Selkeä ja asiallinen.', 'fi-FI', 'fi-FI-Wavenet-A', 1.0, 0, 'clear', true),
  ('Zofia', 'Wyraźna i rzeczowa.', 'pl-PL', 'pl-PL-Wavenet-A', 1.0, 0, 'clear', true),
  ('Tereza', 'Jasná a věcná.', 'cs-CZ', 'cs-CZ-Wavenet-A', 1.0, 0, 'clear', true),
  ('Deniz', 'Net ve sade.', 'tr-TR', 'tr-TR-Wavenet-A', 1.0, 0, 'clear', true),
  ('Anna', 'Чётко и по делу.', 'ru-RU', 'ru-RU-Wavenet-A', 1.0, 0, 'clear', true),
  ('Olena', 'Чітко і по суті.', 'uk-UA', 'uk-UA-Wavenet-A', 1.0, 0, 'clear', true),
  ('Asha', 'साफ़ और सीधी।', 'hi-IN', 'hi-IN-Wavenet-A', 1.0, 0, 'clear', true),
  ('Jia', '清楚直接。', 'cmn-CN', 'cmn-CN-Wavenet-A', 1.0, 0, 'clear', true),
  ('Aoi', '明快で落ち着いた声。', 'ja-JP', 'ja-JP-Neural2-B', 1.0, 0, 'clear', true),
  ('Minseo', '또렷하고 차분합니다.', 'ko-KR', 'ko-KR-Wavenet-A', 1.0, 0, 'clear', true),
  ('Layla', 'واضح ومباشر.', 'ar-XA', 'ar-XA-Wavenet-A', 1.0, 0, 'clear', true);

-- A language by the name that voices have it under, without script and region.
create function pipeline.spoken_language(tag text)
returns text
language sql immutable security invoker
return case lower(split_part(tag, '-', 1))
  when 'zh' then 'cmn'
  when 'no' then 'nb'
  when 'nn' then 'nb'
  else lower(split_part(tag, '-', 1))
end;

-- The voice for a user's next job, in the form that jobs keep it: of those that speak the language
-- the user's choice, else the default of its very variant, else of another one. Where none speaks
-- it the job gets the user's voice or American English, and says that it does not.
create function pipeline.coach_for(user_id uuid, language text)
returns jsonb
language sql stable security invoker set search_path = ''
as $$
  select jsonb_build_object(
    'voice_name', v.voice_name,
    'language_code', v.language_code,
    'speaking_rate', v.speaking_rate,
    'pitch', v.pitch,
    'style', v.style,
    'speaks',
      pipeline.spoken_language(v.language_code) = pipeline.spoken_language(coach_for.language)
  )
  from public.coach_voices as v
  left join public.voice_preferences as p
    on p.coach_voice_id = v.id and p.user_id = coach_for.user_id
  where p.user_id is not null or v.is_default
  order by
    pipeline.spoken_language(v.language_code) = pipeline.spoken_language(coach_for.language) desc,
    p.user_id is not null desc,
    v.language_code = coach_for.language desc,
    v.language_code = 'en-US' desc,
    v.id
  limit 1
$$;

alter table public.coach_voices enable row level security;
alter table public.voice_preferences enable row level security;

create policy "users read the voices" on public.coach_voices
for select to authenticated using (true);

create policy "owners read their voice" on public.voice_preferences
for select to authenticated using (user_id = (select auth.uid()));

create policy "owners choose their voice" on public.voice_preferences
for insert to authenticated with check (user_id = (select auth.uid()));

create policy "owners change their voice" on public.voice_preferences
for update to authenticated
using (user_id = (select auth.uid()))
with check (user_id = (select auth.uid()));

create policy "owners forget their voice" on public.voice_preferences
for delete to authenticated using (user_id = (select auth.uid()));

revoke all on table public.coach_voices, public.voice_preferences
from public, anon, authenticated, service_role;
revoke all on sequence public.coach_voices_id_seq from public, anon, authenticated, service_role;
grant select on table public.coach_voices to authenticated;
grant select, delete on table public.voice_preferences to authenticated;
grant insert (user_id, coach_voice_id) on table public.voice_preferences to authenticated;
-- An upsert writes user_id as well; the policy keeps it the owner's.
grant update (user_id, coach_voice_id) on table public.voice_preferences to authenticated;
grant select, insert, update, delete
on table public.coach_voices, public.voice_preferences to service_role;

revoke all on function pipeline.spoken_language(text), pipeline.coach_for(uuid, text)
from public, anon, authenticated;
grant execute on function pipeline.spoken_language(text), pipeline.coach_for(uuid, text)
to service_role;
