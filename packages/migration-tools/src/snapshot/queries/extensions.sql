-- The extensions that migrations create. Their versions and schemas are the platform's.
select 'extension' as kind, e.extname::text as name, 'installed' as definition, null as parent
from pg_catalog.pg_extension as e
where e.extname in ('pg_cron', 'pg_net', 'supabase_vault')
