-- The one place that says which columns name objects is complete, and obeyed.
begin;
select plan(4);

select set_eq(
  $$ select a.attrelid::regclass::text, a.attname::text from pg_attribute as a
     join pg_class as c on c.oid = a.attrelid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
       and a.attname ~ '_(path|url)$' $$,
  $$ select n.table_name, n.column_name from pipeline.object_names as n
     where n.schema_name = 'public'
     union all
     -- By the view render_sources, as long as the render is under way.
     values ('render_elements', 'source_path') $$,
  'every column that names objects is listed: a new one gets its row, its index and its triggers'
);

select is_empty(
  $$ select n.table_name, f.name from pipeline.object_names as n
     cross join unnest(array['names_objects', 'renames_objects', 'unnames_objects']) as f (name)
     where n.schema_name = 'public' and not exists (
       select from pg_trigger as t join pg_proc as p on p.oid = t.tgfoid
       where t.tgrelid = format('%I.%I', n.schema_name, n.table_name)::regclass
         and p.proname = f.name and p.pronamespace = 'pipeline'::regnamespace
     ) $$,
  'each of their tables tells when an object gets a name, another name, and none'
);

select is_empty(
  $$ select n.table_name, n.column_name from pipeline.object_names as n
     where n.schema_name = 'public' and not exists (
       select from pg_index as i
       join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
       where i.indrelid = format('%I.%I', n.schema_name, n.table_name)::regclass
         and a.attname = n.column_name
     ) $$,
  'who names an object is found by an index'
);

select set_eq(
  $$ select b.id from storage.buckets as b $$, $$ select unnest(pipeline.user_buckets()) $$,
  'every bucket is one whose objects go with their owner'
);

select * from finish();
rollback;
