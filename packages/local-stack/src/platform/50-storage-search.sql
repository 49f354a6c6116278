-- storage.search(), by which clients, and `list()`, look into a folder: one level of names below
-- prefix || search, letter case aside, relative to prefix. Folders have a name only. By name, folders
-- and objects are mixed in byte order; by a time, folders come first. The parameters are hosted's;
-- `levels` is unused, as there.

create or replace function storage.search(
  prefix text,
  bucketname text,
  limits int default 100,
  levels int default 1,
  offsets int default 0,
  search text default '',
  sortcolumn text default 'name',
  sortorder text default 'asc'
)
returns table (
  name text,
  id uuid,
  updated_at timestamptz,
  created_at timestamptz,
  last_accessed_at timestamptz,
  metadata jsonb
)
language sql
stable
as $$
  with wanted as (
    select
      lower(coalesce(search.prefix, '') || coalesce(search.search, '')) as beginning,
      length(coalesce(search.prefix, '')) as prefix_length,
      case when lower(sortcolumn) in ('updated_at', 'created_at', 'last_accessed_at')
        then lower(sortcolumn)
      end as time_column,
      coalesce(lower(sortorder), 'asc') = 'asc' as ascending
  ),
  found as (
    select o.*, position('/' in substr(o.name, length(w.beginning) + 1)) as slash, w.*
    from storage.objects o, wanted w
    where o.bucket_id = bucketname and starts_with(lower(o.name), w.beginning)
  ),
  folders as (
    select distinct on (lower(f.path)) f.path, f.sort_key, f.prefix_length, f.time_column, f.ascending
    from (
      select
        left(f.name, length(f.beginning) + f.slash - 1) as path,
        lower(left(f.name, length(f.beginning) + f.slash)) as sort_key,
        f.prefix_length, f.time_column, f.ascending
      from found f
      where f.slash > 0
    ) f
    order by lower(f.path), f.path collate "C"
  ),
  entries as (
    select
      substr(f.path, f.prefix_length + 1) as entry, null::uuid as id,
      null::timestamptz as updated_at, null::timestamptz as created_at,
      null::timestamptz as last_accessed_at, null::jsonb as metadata,
      f.sort_key, true as is_folder, null::timestamptz as sort_time, f.time_column, f.ascending
    from folders f
    union all
    select
      substr(f.name, f.prefix_length + 1), f.id,
      f.updated_at, f.created_at, f.last_accessed_at, f.metadata,
      lower(f.name), false,
      case f.time_column
        when 'updated_at' then f.updated_at
        when 'created_at' then f.created_at
        when 'last_accessed_at' then f.last_accessed_at
      end,
      f.time_column, f.ascending
    from found f
    where f.slash = 0
  )
  select e.entry, e.id, e.updated_at, e.created_at, e.last_accessed_at, e.metadata
  from entries e
  order by
    case when e.time_column is not null then not e.is_folder end,
    case when e.ascending then e.sort_time end,
    case when not e.ascending then e.sort_time end desc,
    case when e.ascending then e.sort_key end collate "C",
    case when not e.ascending then e.sort_key end collate "C" desc
  limit least(coalesce(limits, 100), 1500) offset offsets
$$;
