-- How owners leave without an operator: their account is deleted, and with it all that they own.
-- Rows go at once by their foreign keys, files by stage `erase`, as where Auth deletes an account.

create function public.delete_account()
returns void
-- Definer: users may not delete users. It deletes the caller's own account alone.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  delete from auth.users as u where u.id = (select auth.uid());
  if not found then
    raise exception 'there is no such account' using errcode = 'PT404';
  end if;
end
$$;

comment on function public.delete_account() is
  'Deletes the caller''s account with everything that came of it; its files are erased within '
  'moments. Errors: PT404 it is gone already.';

revoke all on function public.delete_account()
from public, anon, authenticated, service_role;
grant execute on function public.delete_account() to authenticated;
