-- Undoes 20261101102500_close_account.sql.

drop function public.delete_account();
