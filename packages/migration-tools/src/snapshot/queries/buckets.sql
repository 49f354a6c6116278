-- Every bucket.
select
  'bucket' as kind,
  b.id as name,
  concat_ws(
    E'\n',
    'name: ' || b.name,
    case when b.public then 'public' else 'private' end,
    'size limit: ' || coalesce(b.file_size_limit::text || ' bytes', 'none'),
    'MIME types: ' || coalesce(
      (select string_agg(m, ', ' order by m) from unnest(b.allowed_mime_types) as m), 'any'
    )
  ) as definition,
  null as parent
from storage.buckets as b
