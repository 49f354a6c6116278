-- Where messages go: a user's addresses, and of which topics they want to hear. Nobody is told
-- anything unasked.

create table public.contacts (
  id bigint generated always as identity primary key,
  user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  contact_type text not null,
  address text not null,
  topics text[] not null,
  enabled boolean not null default true,
  signing_secret text not null default 'whsec_' || encode(
    uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()), 'base64'
  ),
  created_at timestamptz not null default pipeline.now(),
  constraint contacts_user_id_address_key unique (user_id, contact_type, address),
  constraint contact_type_is_known check (contact_type in ('email', 'webhook', 'slack', 'sms')),
  constraint topics_are_known check (topics <@ array['alerts', 'feedback_ready']),
  constraint address_fits_its_type check (
    length(address) <= 500 and address !~ '[[:cntrl:]]' and case contact_type
      when 'email' then address ~ '^[^\s@<>,;"]+@[^\s@<>,;"]+\.[^\s@<>,;"]+$'
      when 'sms' then address ~ '^\+[1-9][0-9]{6,14}$'
      else address ~ '^https?://[^\s]+$'
    end
  )
);

comment on table public.contacts is 'Where messages to a user go, and about what.';
comment on column public.contacts.id is 'Identity.';
comment on column public.contacts.user_id is 'Whose it is.';
comment on column public.contacts.contact_type is
  'email, webhook (signed JSON), slack (its incoming webhooks) or sms.';
comment on column public.contacts.address is 'Mail address, https address or telephone number.';
comment on column public.contacts.topics is 'alerts (operators alone), feedback_ready.';
comment on column public.contacts.enabled is 'False: nothing is sent there.';
comment on column public.contacts.signing_secret is
  'Key of a webhook''s signatures, as Standard Webhooks write it.';
comment on column public.contacts.created_at is 'When it was added.';

-- Whether an account is an operator's, by the same field that its tokens carry.
create function pipeline.is_operators(user_id uuid)
returns boolean
-- Definer: nobody but Auth reads accounts.
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from auth.users as u
    where u.id = is_operators.user_id and u.raw_app_meta_data ->> 'role' = 'operator'
  )
$$;

-- Whether an address is the one that Auth has confirmed for an account, now.
create function pipeline.is_own_address(user_id uuid, address text)
returns boolean
-- Definer: as above.
language sql stable security definer set search_path = ''
as $$
  select exists (
    select from auth.users as u
    where u.id = is_own_address.user_id and lower(u.email) = lower(is_own_address.address)
      and u.email_confirmed_at is not null
  )
$$;

-- Before-write trigger. Users are mailed at the address that Auth has confirmed, so that nobody has
-- strangers mailed; operators may name any.
create function pipeline.check_contact()
returns trigger
-- Definer: it reads accounts.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if pipeline.is_operators(new.user_id) then
    return new;
  elsif 'alerts' = any (new.topics) then
    raise exception 'only operators hear of alerts' using errcode = 'PT403';
  elsif new.contact_type in ('sms', 'slack') then
    raise exception 'a contact is an email address or a webhook' using errcode = 'PT422';
  elsif new.contact_type = 'email'
    and not pipeline.is_own_address(new.user_id, new.address) then
    raise exception 'mail goes to the account''s own confirmed address' using errcode = 'PT422';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('pipeline.contacts ' || new.user_id, 0));
  if tg_op = 'INSERT' and (
    select count(*) from public.contacts as c where c.user_id = new.user_id
  ) >= 5 then
    raise exception 'at most 5 contacts' using errcode = 'PT429';
  end if;
  return new;
end
$$;

create trigger contacts_100_check
before insert or update on public.contacts
for each row execute function pipeline.check_contact();

-- Who hears of alerts, of all who want to hear of something.
create index contacts_alerts_idx on public.contacts (id) where topics @> array['alerts'];

alter table public.contacts enable row level security;

create policy "owners read their contacts" on public.contacts
for select to authenticated using (user_id = (select auth.uid()));
create policy "owners add contacts" on public.contacts
for insert to authenticated with check (user_id = (select auth.uid()));
create policy "owners change what they hear" on public.contacts
for update to authenticated
using (user_id = (select auth.uid()))
with check (user_id = (select auth.uid()));
create policy "owners remove contacts" on public.contacts
for delete to authenticated using (user_id = (select auth.uid()));
create policy "workers read contacts" on public.contacts
for select to service_role using (true);

revoke all on table public.contacts from public, anon, authenticated, service_role;
revoke all on sequence public.contacts_id_seq from public, anon, authenticated, service_role;
grant select, delete on table public.contacts to authenticated;
grant insert (contact_type, address, topics, enabled) on table public.contacts to authenticated;
grant update (topics, enabled) on table public.contacts to authenticated;
grant select on table public.contacts to service_role;

revoke all on function
  pipeline.is_operators(uuid), pipeline.is_own_address(uuid, text), pipeline.check_contact()
from public, anon, authenticated;
