select
  b.id as "name",
  b.public as "isPublic",
  b.file_size_limit::float8 as "bytes",
  to_jsonb(b.allowed_mime_types) as "mediaTypes"
from storage.buckets as b
where $1::text[] is not null
order by b.id
