-- Rules of single columns of the tables that the queue writes. As constraints of the table each
-- update would parse them all anew, which took a fifth of the time of a claim and its result; a
-- domain is read once a session, and checked only where its column is assigned. Text only: over
-- Realtime a number of a domain would arrive as text. And what a domain refuses is not shown, where
-- a table's constraint has the whole row printed.

create domain public.stage_status as text
constraint status_is_known check (value in ('queued', 'processing', 'completed', 'failed'));

create domain public.category as text
constraint category_is_snake_case check (value ~ '^[a-z][a-z0-9_]{0,39}$');

create domain public.severity as text
constraint severity_is_known check (value in ('low', 'medium', 'high'));

create domain public.remark as text
constraint remark_is_short check (length(value) <= 2000);

create domain public.title as text
constraint title_is_short check (length(value) <= 200);

create domain public.summary as text
constraint summary_is_short check (length(value) <= 4000);

create domain public.note as text
constraint note_is_short check (length(value) <= 300);

create domain public.unit as text
constraint unit_is_short check (length(value) <= 40);

create domain public.plain_name as text
constraint name_is_plain check (value ~ '^[A-Za-z0-9][A-Za-z0-9_ .:/@+-]{0,99}$');

create domain public.ssml as text
constraint ssml_is_a_speak_element check (value ~ '^\s*<speak[\s>]')
constraint ssml_fits_a_speech_request check (octet_length(value) <= 5000);

comment on domain public.stage_status is 'How far a stage is with an item.';
comment on domain public.category is 'What a remark is about, in snake_case.';
comment on domain public.severity is 'How much a remark matters.';
comment on domain public.remark is 'What is said of a moment, at most 2,000 characters.';
comment on domain public.title is 'What a clip shows, at most 200 characters.';
comment on domain public.summary is 'A paragraph, at most 4,000 characters.';
comment on domain public.note is 'What was left out of an analysis, at most 300 characters.';
comment on domain public.unit is 'The unit of a metric, at most 40 characters.';
comment on domain public.plain_name is 'A provider, a model or a version.';
comment on domain public.ssml is 'A speak element, at most 5,000 bytes.';
