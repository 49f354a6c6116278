-- The tables of renders: their columns, as in columns.test.sql, and their keys and rules, as in
-- constraints.test.sql.
begin;
select plan(12);

create function pg_temp.keys_of(table_name regclass)
returns table (name text, definition text)
-- An empty path, so that every table is printed with its schema.
language sql stable set search_path = ''
as $$
  select k.conname::text, pg_catalog.pg_get_constraintdef(k.oid)
  from pg_catalog.pg_constraint as k
  where k.conrelid = keys_of.table_name and k.contype in ('p', 'u', 'f')
$$;

create function pg_temp.rules_of(table_name regclass)
returns setof text
language sql stable
as $$
  select k.conname::text from pg_constraint as k
  where k.contype = 'c' and (
    k.conrelid = rules_of.table_name or k.contypid in (
      select a.atttypid from pg_attribute as a
      where a.attrelid = rules_of.table_name and not a.attisdropped
    )
  )
$$;

create function pg_temp.columns_of(table_name regclass)
returns table (name text, type text, is_required boolean)
language sql stable
as $$
  select a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull
  from pg_attribute as a
  where a.attrelid = columns_of.table_name and a.attnum > 0 and not a.attisdropped
$$;

select set_eq(
  $$ select * from pg_temp.columns_of('public.render_jobs') $$,
  $$ values
     ('id', 'bigint', true), ('user_id', 'uuid', true), ('video_recording_id', 'bigint', false),
     ('format', 'text', true), ('width', 'integer', true), ('height', 'integer', true),
     ('fps', 'integer', true), ('response_type', 'text', true), ('options', 'jsonb', true),
     ('submitted_at', 'timestamp with time zone', false), ('status', 'render_status', true),
     ('attempts', 'integer', true), ('error_code', 'text', false), ('last_error', 'text', false),
     ('started_at', 'timestamp with time zone', false), ('progress_percent', 'integer', true),
     ('step', 'render_step', false), ('progress_at', 'timestamp with time zone', false),
     ('output_path', 'text', false), ('output_bytes', 'bigint', false),
     ('output_frames', 'integer', false), ('output_checksum', 'text', false),
     ('duration_seconds', 'numeric', false), ('correlation_id', 'uuid', true),
     ('created_at', 'timestamp with time zone', true),
     ('updated_at', 'timestamp with time zone', true) $$,
  'columns of public.render_jobs'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.render_elements') $$,
  $$ values
     ('id', 'bigint', true), ('render_job_id', 'bigint', true), ('layer', 'integer', true),
     ('element_type', 'text', true), ('source_bucket', 'text', false),
     ('source_path', 'text', false), ('text', 'text', false), ('style', 'jsonb', true),
     ('x', 'numeric', true), ('y', 'numeric', true), ('width', 'numeric', false),
     ('height', 'numeric', false), ('fit_mode', 'text', true), ('start_seconds', 'numeric', true),
     ('duration_seconds', 'numeric', false), ('trim_start_seconds', 'numeric', true),
     ('volume', 'numeric', true), ('opacity', 'numeric', true), ('feedback_id', 'bigint', false) $$,
  'columns of public.render_elements'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.render_links') $$,
  $$ values
     ('id', 'bigint', true), ('render_job_id', 'bigint', true), ('user_id', 'uuid', true),
     ('token_hash', 'bytea', true), ('created_at', 'timestamp with time zone', true),
     ('expires_at', 'timestamp with time zone', true) $$,
  'columns of public.render_links'
);

select set_eq(
  $$ select * from pg_temp.columns_of('public.url_access_logs') $$,
  $$ values
     ('id', 'bigint', true), ('render_link_id', 'bigint', true), ('user_id', 'uuid', true),
     ('accessed_at', 'timestamp with time zone', true), ('agent', 'text', false),
     ('country', 'text', false) $$,
  'columns of public.url_access_logs'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.render_jobs') $$,
  $$ values
     ('render_jobs_pkey', 'PRIMARY KEY (id)'),
     ('render_jobs_user_id_fkey',
       'FOREIGN KEY (user_id) REFERENCES auth.users(id) ON DELETE CASCADE'),
     ('render_jobs_video_recording_id_fkey',
       'FOREIGN KEY (video_recording_id) REFERENCES public.video_recordings(id) ON DELETE CASCADE') $$,
  'keys of public.render_jobs'
);
select set_eq(
  $$ select pg_temp.rules_of('public.render_jobs') $$,
  array[
    'a_completed_render_has_a_file', 'a_failed_render_says_why', 'attempts_are_not_negative',
    'format_is_mp4_or_webm', 'fps_is_between_1_and_60', 'frame_has_at_most_the_pixels_of_4k',
    'height_is_between_16_and_3840', 'options_are_a_small_object',
    'output_has_bytes_frames_and_time', 'output_path_is_in_the_owners_folder',
    'progress_is_a_percentage', 'response_type_is_known', 'size_is_even', 'status_is_known',
    'step_is_known', 'width_is_between_16_and_3840'
  ],
  'rules of public.render_jobs'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.render_elements') $$,
  $$ values
     ('render_elements_pkey', 'PRIMARY KEY (id)'),
     ('render_elements_render_job_id_fkey',
       'FOREIGN KEY (render_job_id) REFERENCES public.render_jobs(id) ON DELETE CASCADE') $$,
  'keys of public.render_elements'
);
select set_eq(
  $$ select pg_temp.rules_of('public.render_elements') $$,
  array[
    'a_text_has_words_and_all_else_a_source', 'element_type_is_known', 'fit_mode_is_known',
    'layer_is_between_0_and_99', 'opacity_is_a_share', 'position_is_near_the_frame',
    'size_is_between_1_and_3840', 'source_bucket_is_known', 'source_path_has_plain_segments',
    'source_path_is_short', 'style_is_a_small_object', 'text_is_at_most_5000_characters',
    'times_are_within_an_hour', 'volume_is_between_0_and_2'
  ],
  'rules of public.render_elements'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.render_links') $$,
  $$ values
     ('render_links_pkey', 'PRIMARY KEY (id)'),
     ('render_links_render_job_id_fkey',
       'FOREIGN KEY (render_job_id) REFERENCES public.render_jobs(id) ON DELETE CASCADE'),
     ('render_links_token_hash_key', 'UNIQUE (token_hash)') $$,
  'keys of public.render_links'
);
select set_eq(
  $$ select pg_temp.rules_of('public.render_links') $$,
  array[
    'a_link_ends_within_30_days'
  ],
  'rules of public.render_links'
);

select set_eq(
  $$ select * from pg_temp.keys_of('public.url_access_logs') $$,
  $$ values
     ('url_access_logs_pkey', 'PRIMARY KEY (id)'),
     ('url_access_logs_render_link_id_fkey',
       'FOREIGN KEY (render_link_id) REFERENCES public.render_links(id) ON DELETE CASCADE') $$,
  'keys of public.url_access_logs'
);
select set_eq(
  $$ select pg_temp.rules_of('public.url_access_logs') $$,
  array[
    'agent_is_short', 'country_is_two_letters'
  ],
  'rules of public.url_access_logs'
);

select * from finish();
rollback;
