-- $1: schemas; policies on Storage's objects are the migrations' too.
select
  p.schemaname as "schema",
  p.tablename as "table",
  p.policyname as "name",
  lower(p.cmd) as "command",
  to_jsonb(p.roles) as "roles",
  p.qual as "using",
  p.with_check as "withCheck"
from pg_policies as p
where p.schemaname = any ($1) or (p.schemaname = 'storage' and p.tablename = 'objects')
order by position(p.cmd in 'ALL SELECT INSERT UPDATE DELETE'), p.policyname
