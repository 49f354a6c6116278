-- Undoes 20261101095950_edit_feedback.sql.

drop function public.edit_feedback(bigint, text, text);
