-- Policies on our tables, and all on Storage's and Realtime's: one more there opens our buckets and
-- private channels as well as others.
select
  'policy' as kind,
  format('%I on %I.%I', p.polname, n.nspname, c.relname) as name,
  concat_ws(
    E'\n',
    case when p.polpermissive then 'permissive' else 'restrictive' end,
    'for ' || case p.polcmd
      when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete'
      else 'all' end,
    'to ' || (
      select string_agg(r.name, ', ' order by r.name)
      from (
        select case role when 0 then 'public' else pg_get_userbyid(role)::text end as name
        from unnest(p.polroles) as role
      ) as r
    ),
    'using (' || pg_get_expr(p.polqual, p.polrelid) || ')',
    'with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')',
    'comment: ' || obj_description(p.oid, 'pg_policy')
  ) as definition,
  'table ' || format('%I.%I', n.nspname, c.relname) as parent
from pg_catalog.pg_policy as p
join pg_catalog.pg_class as c on c.oid = p.polrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any ($1)
  or (n.nspname = 'storage' and c.relname in ('objects', 'buckets'))
  or (n.nspname = 'realtime' and c.relname = 'messages')
