-- Who operates. A user whose app_metadata has role = 'operator' (which only the secret key and the
-- dashboard can write) may call the functions and read the views named public.operator_…; each asks
-- check_operator() first. Nothing else gives operators rights: of other users' recordings, words
-- and sound they see nothing. What an operator changes is in pipeline.audit_log.

-- Whether the caller's verified token says so. A role that is taken away ends with its last token.
create function public.is_operator()
returns boolean
language sql stable security invoker set search_path = ''
as $$
  select coalesce((select auth.jwt()) -> 'app_metadata' ->> 'role' = 'operator', false)
$$;

create function pipeline.check_operator()
returns void
language plpgsql stable security invoker set search_path = ''
as $$
begin
  if not public.is_operator() then
    raise exception 'only operators may do this' using errcode = 'PT403',
      hint = 'An operator has app_metadata.role = "operator"; sign in again after a change.';
  end if;
end
$$;

revoke all on function
  public.is_operator(),
  pipeline.check_operator()
from public, anon, authenticated, service_role;
grant execute on function public.is_operator() to authenticated;
