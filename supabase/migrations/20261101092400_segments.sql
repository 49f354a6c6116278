-- What was written for a feedback (SSML) and what was spoken (audio), in pieces that fit a
-- request to the speech provider. A piece of audio belongs to the piece of SSML it speaks.

create table public.analysis_ssml_segments (
  id bigint generated always as identity primary key,
  feedback_id bigint not null references public.analysis_feedback (id) on delete cascade,
  segment_index int not null default 0,
  ssml public.ssml not null,
  provider public.plain_name not null default 'gemini',
  version public.plain_name,
  created_at timestamptz not null default pipeline.now(),
  constraint analysis_ssml_segments_feedback_id_segment_index_key
    unique (feedback_id, segment_index),
  constraint segment_index_is_not_negative check (segment_index >= 0)
);

comment on table public.analysis_ssml_segments is 'What to speak for a feedback, in order.';
comment on column public.analysis_ssml_segments.id is 'Identity.';
comment on column public.analysis_ssml_segments.feedback_id is 'The feedback it speaks.';
comment on column public.analysis_ssml_segments.segment_index is 'Its place, from 0.';
comment on column public.analysis_ssml_segments.ssml is 'A speak element, at most 5,000 bytes.';
comment on column public.analysis_ssml_segments.provider is 'Who wrote it.';
comment on column public.analysis_ssml_segments.version is 'Model or template version.';
comment on column public.analysis_ssml_segments.created_at is 'When it was written.';

create table public.analysis_audio_segments (
  id bigint generated always as identity primary key,
  feedback_id bigint not null references public.analysis_feedback (id) on delete cascade,
  segment_index int not null default 0,
  audio_url text not null,
  captions_url text,
  format text not null,
  duration_ms int not null,
  provider public.plain_name not null,
  version public.plain_name,
  created_at timestamptz not null default pipeline.now(),
  constraint analysis_audio_segments_feedback_id_segment_index_key
    unique (feedback_id, segment_index),
  constraint analysis_audio_segments_ssml_segment_fkey
    foreign key (feedback_id, segment_index)
    references public.analysis_ssml_segments (feedback_id, segment_index) on delete cascade,
  constraint segment_index_is_not_negative check (segment_index >= 0),
  constraint audio_url_is_not_blank check (btrim(audio_url) <> ''),
  constraint format_is_known check (format in ('wav', 'mp3', 'ogg')),
  constraint duration_is_positive check (duration_ms > 0)
);

comment on table public.analysis_audio_segments is 'Spoken feedback, in order.';
comment on column public.analysis_audio_segments.id is 'Identity.';
comment on column public.analysis_audio_segments.feedback_id is 'The feedback it speaks.';
comment on column public.analysis_audio_segments.segment_index is
  'Place of the SSML segment it speaks.';
comment on column public.analysis_audio_segments.audio_url is
  'Object name in bucket processed; its first folder is the owner''s id.';
comment on column public.analysis_audio_segments.captions_url is
  'Object name of its captions (WebVTT) beside it, where there are any.';
comment on column public.analysis_audio_segments.format is 'wav, mp3 or ogg.';
comment on column public.analysis_audio_segments.duration_ms is 'Length in milliseconds.';
comment on column public.analysis_audio_segments.provider is 'Who spoke it.';
comment on column public.analysis_audio_segments.version is 'Voice or engine version.';
comment on column public.analysis_audio_segments.created_at is 'When it was spoken.';

alter table public.analysis_ssml_segments enable row level security;
alter table public.analysis_audio_segments enable row level security;

create policy "owners read their SSML" on public.analysis_ssml_segments
for select to authenticated using (
  exists (
    select 1 from public.analysis_feedback as f
    where f.id = feedback_id and f.user_id = (select auth.uid())
  )
);

create policy "owners read their audio" on public.analysis_audio_segments
for select to authenticated using (
  exists (
    select 1 from public.analysis_feedback as f
    where f.id = feedback_id and f.user_id = (select auth.uid())
  )
);

revoke all on table public.analysis_ssml_segments, public.analysis_audio_segments
from public, anon, authenticated, service_role;
revoke all on sequence public.analysis_ssml_segments_id_seq, public.analysis_audio_segments_id_seq
from public, anon, authenticated, service_role;
grant select on table public.analysis_ssml_segments, public.analysis_audio_segments
to authenticated;
grant select, insert, update, delete
on table public.analysis_ssml_segments, public.analysis_audio_segments to service_role;
