-- What a render is composed of. Of a coached video the remarks are elements too: the pieces of
-- audio and the words of each, at its moment in the clip; the worker makes room for them.

create table public.render_elements (
  id bigint generated always as identity primary key,
  render_job_id bigint not null references public.render_jobs (id) on delete cascade,
  layer int not null default 0,
  element_type text not null,
  source_bucket text,
  source_path text,
  text text,
  style jsonb not null default '{}',
  x numeric not null default 0,
  y numeric not null default 0,
  width numeric,
  height numeric,
  fit_mode text not null default 'auto',
  start_seconds numeric not null default 0,
  duration_seconds numeric,
  trim_start_seconds numeric not null default 0,
  volume numeric not null default 1,
  opacity numeric not null default 1,
  -- No foreign key: what was composed stays as it was when the analysis is made anew.
  feedback_id bigint,
  constraint layer_is_between_0_and_99 check (layer between 0 and 99),
  constraint element_type_is_known
    check (element_type in ('video', 'image', 'audio', 'text', 'overlay')),
  constraint a_text_has_words_and_all_else_a_source check (
    (element_type = 'text') = (text is not null)
    and (element_type = 'text') = (source_path is null)
    and (source_path is null) = (source_bucket is null)
  ),
  constraint text_is_at_most_5000_characters check (length(text) <= 5000),
  constraint source_bucket_is_known check (source_bucket in ('raw', 'processed', 'assets')),
  constraint source_path_is_short check (length(source_path) <= 1024),
  -- Workers fetch it as service_role by a URL, where '..' would lead anywhere.
  constraint source_path_has_plain_segments check (source_path !~ '(^|/)[.]{0,2}(/|$)'),
  constraint style_is_a_small_object
    check (jsonb_typeof(style) = 'object' and pg_column_size(style) <= 2048),
  constraint position_is_near_the_frame
    check (x between -3840 and 3840 and y between -3840 and 3840),
  constraint size_is_between_1_and_3840
    check (width between 1 and 3840 and height between 1 and 3840),
  constraint fit_mode_is_known
    check (fit_mode in ('auto', 'contain', 'cover', 'fill', 'stretch')),
  constraint times_are_within_an_hour check (
    start_seconds between 0 and 3600 and trim_start_seconds between 0 and 3600
    and duration_seconds > 0 and start_seconds + duration_seconds <= 3600
  ),
  constraint volume_is_between_0_and_2 check (volume between 0 and 2),
  constraint opacity_is_a_share check (opacity between 0 and 1)
);

comment on table public.render_elements is 'What a render is composed of, in layers.';
comment on column public.render_elements.id is 'Identity.';
comment on column public.render_elements.render_job_id is 'The render.';
comment on column public.render_elements.layer is 'Higher ones are drawn over lower ones.';
comment on column public.render_elements.element_type is
  'video, image, audio, text, or overlay: a picture that was drawn for its box.';
comment on column public.render_elements.source_bucket is 'raw, processed or assets.';
comment on column public.render_elements.source_path is
  'Object name; its first folder is the owner''s id. Null for a text.';
comment on column public.render_elements.text is 'The words of a text.';
comment on column public.render_elements.style is 'How a text looks.';
comment on column public.render_elements.x is 'Pixels from the frame''s left edge.';
comment on column public.render_elements.y is 'Pixels from the frame''s upper edge.';
comment on column public.render_elements.width is
  'Pixels; null: to the frame''s edge, or of a picture over the frame its own.';
comment on column public.render_elements.height is 'Pixels; null as for width.';
comment on column public.render_elements.fit_mode is
  'How a picture fills its box, as CSS object-fit: contain, cover, fill (stretch is the same). '
  'auto is fill for an overlay, and contain for all else, so that nothing of it is lost.';
comment on column public.render_elements.start_seconds is
  'When it begins; in the time of the clip where it belongs to a remark.';
comment on column public.render_elements.duration_seconds is
  'How long it is seen or heard; null: its own length, or to the end.';
comment on column public.render_elements.trim_start_seconds is 'What of its source is left out.';
comment on column public.render_elements.volume is '0 is silent, 1 as it is, 2 twice as loud.';
comment on column public.render_elements.opacity is '0 is invisible, 1 opaque.';
comment on column public.render_elements.feedback_id is
  'The remark of a coached video that it says or shows.';

create index render_elements_render_job_id_idx on public.render_elements (render_job_id, layer);

alter table public.render_elements enable row level security;

create policy "owners read what their renders are composed of" on public.render_elements
for select to authenticated using (
  exists (
    select 1 from public.render_jobs as j
    where j.id = render_job_id and j.user_id = (select auth.uid())
  )
);

revoke all on table public.render_elements from public, anon, authenticated, service_role;
revoke all on sequence public.render_elements_id_seq
from public, anon, authenticated, service_role;
grant select on table public.render_elements to authenticated;
grant select, insert, update, delete on table public.render_elements to service_role;
