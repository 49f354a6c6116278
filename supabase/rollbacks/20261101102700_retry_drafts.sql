-- Undoes 20261101102700_retry_drafts.sql.

drop function public.retry_draft(bigint);
