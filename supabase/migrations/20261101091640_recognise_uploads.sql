-- Uploads whose object has arrived although no client said so: the object in bucket raw is the
-- proof. Recordings older than max_age are left to the rarer call without one. Parameters of a
-- media type are left out: they are the uploader's, of any length, and nothing here may raise. Nor
-- wait: a recording that somebody has locked is left to the next call.
create function pipeline.recognise_uploads(max_age interval default null)
returns int
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_ids bigint[] := array(
    select v.id
    from public.video_recordings as v
    where v.upload_status in ('pending', 'uploading')
      and (
        recognise_uploads.max_age is null
        or v.created_at > pipeline.now() - recognise_uploads.max_age
      )
      and exists (
        select from storage.objects as o where o.bucket_id = 'raw' and o.name = v.storage_path
      )
    order by v.id
    for no key update skip locked
  );
  v_count int;
begin
  update public.video_recordings as v
  set
    upload_status = 'completed',
    file_size = coalesce(
      case when o.metadata ->> 'size' ~ '^[0-9]{1,18}$' then (o.metadata ->> 'size')::bigint end,
      v.file_size
    ),
    mime_type = coalesce(
      v.mime_type, left(substring(o.metadata ->> 'mimetype' from '^[!-:<-~]+'), 255)
    ),
    error_code = null,
    last_error = null
  from storage.objects as o
  where v.id = any (v_ids) and o.bucket_id = 'raw' and o.name = v.storage_path;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

revoke all on function pipeline.recognise_uploads(interval) from public, anon, authenticated;
grant execute on function pipeline.recognise_uploads(interval) to service_role;
