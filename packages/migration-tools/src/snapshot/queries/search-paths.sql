-- Where an unqualified name leads to: other settings differ from platform to platform. That of
-- postgres is the platform's own, which hosted projects have with a backslash before $user.
with setting as (
  select
    case when s.setrole = 0 then 'database' else 'role ' || pg_get_userbyid(s.setrole) end
    || case when s.setrole <> 0 and s.setdatabase <> 0 then ' in this database' else '' end as name,
    substr(entry, length('search_path=') + 1) as path
  from pg_catalog.pg_db_role_setting as s
  left join pg_catalog.pg_database as d on d.oid = s.setdatabase
  cross join unnest(s.setconfig) as entry
  where entry like 'search\_path=%'
    and (s.setdatabase = 0 or d.datname = current_database())
    and (
      s.setrole = 0
      or pg_get_userbyid(s.setrole)
        in ('anon', 'authenticated', 'service_role', 'postgres', 'authenticator')
    )
)

select 'search_path' as kind, name, path as definition, null as parent
from setting
where not (
  name = 'role postgres'
  and translate(path, E'\\ ', '')
    in ('"$user",public,extensions', '"$user",public,auth,extensions')
)
