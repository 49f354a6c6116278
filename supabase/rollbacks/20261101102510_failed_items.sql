-- Undoes 20261101102510_failed_items.sql.

drop function public.operator_failed_items(
  text, text, timestamptz, bigint, int, text, text, timestamptz
);
drop function public.operator_find_failures(text, text, timestamptz, timestamptz);
drop function pipeline.filtered_failures(text, text, text, text, timestamptz, timestamptz);
drop function pipeline.newest_failures(text, text, uuid[], timestamptz, timestamptz);
