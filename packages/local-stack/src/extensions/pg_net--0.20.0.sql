-- pg_net's schema with the same tables, signatures and privileges. The stack's sender takes rows
-- from net.http_request_queue once they are committed, sends them, and writes net._http_response.
-- As on hosted both tables are unlogged: requests that wait are lost in a crash, and none is retried.

create schema net;

create domain net.http_method as text
  check (value ilike 'get' or value ilike 'post' or value ilike 'delete');

create unlogged table net.http_request_queue (
  id bigserial,
  method net.http_method not null,
  url text not null,
  headers jsonb,
  body bytea,
  timeout_milliseconds int not null
);

create unlogged table net._http_response (
  id bigint,
  status_code integer,
  content_type text,
  headers jsonb,
  content text,
  timed_out bool,
  error_msg text,
  created timestamptz not null default now()
);

create index _http_response_created_idx on net._http_response (created);

create type net.request_status as enum ('PENDING', 'SUCCESS', 'ERROR');
create type net.http_response as (status_code integer, headers jsonb, body text);
create type net.http_response_result as (
  status net.request_status, message text, response net.http_response
);

-- Wakes the sender when the transaction commits.
create function net.wake()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  perform pg_notify('pg_net_requests', '');
  return null;
end
$$;

create trigger wake_sender
after insert on net.http_request_queue
for each statement execute function net.wake();

create function net._urlencode_string(string varchar)
returns text
language sql
immutable
strict
set search_path = ''
as $$
  select coalesce(string_agg(
    case
      when byte between 48 and 57 or byte between 65 and 90 or byte between 97 and 122
        or byte in (45, 46, 95, 126) then chr(byte)
      else '%' || upper(lpad(to_hex(byte), 2, '0'))
    end, '' order by position
  ), '')
  from (
    select position, get_byte(convert_to(string, 'UTF8'), position) as byte
    from generate_series(0, octet_length(convert_to(string, 'UTF8')) - 1) as position
  ) as bytes
$$;

create function net._url_with_params(url text, params jsonb)
returns text
language sql
immutable
set search_path = ''
as $$
  select case
    when count(p.key) = 0 then url
    else url || case when position('?' in url) > 0 then '&' else '?' end || string_agg(
      net._urlencode_string(p.key) || '=' || net._urlencode_string(p.value), '&' order by p.key
    )
  end
  from jsonb_each_text(coalesce(params, '{}'::jsonb)) as p
$$;

create function net.http_get(
  url text,
  params jsonb default '{}'::jsonb,
  headers jsonb default '{}'::jsonb,
  timeout_milliseconds int default 5000
)
returns bigint
language sql
as $$
  insert into net.http_request_queue (method, url, headers, timeout_milliseconds)
  values ('GET', net._url_with_params(url, params), headers, timeout_milliseconds)
  returning id
$$;

create function net.http_post(
  url text,
  body jsonb default '{}'::jsonb,
  params jsonb default '{}'::jsonb,
  headers jsonb default '{"Content-Type": "application/json"}'::jsonb,
  timeout_milliseconds int default 5000
)
returns bigint
language plpgsql
as $$
declare
  v_id bigint;
  v_content_type text := (
    select h.value
    from jsonb_each_text(coalesce(headers, '{}'::jsonb)) as h
    where lower(h.key) = 'content-type'
    limit 1
  );
  v_headers jsonb := coalesce(headers, '{}'::jsonb);
begin
  if v_content_type is null then
    v_headers := v_headers || '{"Content-Type": "application/json"}'::jsonb;
  elsif v_content_type <> 'application/json' then
    raise exception 'Content-Type header must be "application/json"';
  end if;
  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  values (
    'POST', net._url_with_params(http_post.url, params), v_headers,
    convert_to(http_post.body::text, 'UTF8'), http_post.timeout_milliseconds
  )
  returning id into v_id;
  return v_id;
end
$$;

create function net.http_delete(
  url text,
  params jsonb default '{}'::jsonb,
  headers jsonb default '{}'::jsonb,
  timeout_milliseconds int default 5000,
  body jsonb default null
)
returns bigint
language sql
as $$
  insert into net.http_request_queue (method, url, headers, body, timeout_milliseconds)
  values (
    'DELETE', net._url_with_params(url, params), headers, convert_to(body::text, 'UTF8'),
    timeout_milliseconds
  )
  returning id
$$;

-- With async false it waits until the answer is there; the caller must have committed the request.
create function net._http_collect_response(request_id bigint, async boolean default true)
returns net.http_response_result
language plpgsql
strict
as $$
declare
  v_answer net._http_response;
begin
  loop
    select * into v_answer from net._http_response as r where r.id = request_id;
    exit when async or v_answer.id is not null;
    perform pg_sleep(0.05);
  end loop;
  if v_answer.id is null then
    return ('PENDING', 'request matching request_id not found', null)::net.http_response_result;
  end if;
  if v_answer.error_msg is not null then
    return ('ERROR', v_answer.error_msg, null)::net.http_response_result;
  end if;
  return (
    'SUCCESS', 'ok',
    (v_answer.status_code, v_answer.headers, v_answer.content)::net.http_response
  )::net.http_response_result;
end
$$;

grant usage on schema net to public;
grant all on all tables in schema net to public;
grant all on all sequences in schema net to public;
