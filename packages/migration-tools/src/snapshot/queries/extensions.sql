-- Extensions but those that the platforms create. Versions and schemas are the platform's.
select 'extension' as kind, e.extname::text as name, 'installed' as definition, null as parent
from pg_catalog.pg_extension as e
where e.extname not in (
  'plpgsql', 'pg_graphql', 'pg_stat_statements', 'pgcrypto', 'pgjwt', 'pgsodium', 'uuid-ossp'
)
