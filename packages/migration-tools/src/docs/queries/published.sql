select p.schemaname as "schema", p.tablename as "table"
from pg_publication_tables as p
where p.pubname = 'supabase_realtime' and p.schemaname = any ($1)
order by 1, 2
