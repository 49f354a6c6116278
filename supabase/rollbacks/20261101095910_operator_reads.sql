-- Undoes 20261101095910_operator_reads.sql.

drop function public.operator_failed_items(
  text, text, timestamptz, bigint, int, text, text, timestamptz
);
drop function public.operator_find_failures(text, text, timestamptz, timestamptz);
drop function pipeline.filtered_failures(text, text, text, text, timestamptz, timestamptz);
drop function pipeline.newest_failures(text, text, uuid[], timestamptz, timestamptz);
drop function pipeline.users_named(text);
drop view public.operator_failures;
drop function pipeline.operator_failures();
drop view public.operator_providers;
drop function pipeline.operator_providers();
drop view public.operator_stages;
drop function pipeline.operator_stages();
