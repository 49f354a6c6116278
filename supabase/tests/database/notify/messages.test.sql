-- Contacts and messages: who may name which address, and in what order is told.
begin;
select plan(21);

delete from public.contacts;
insert into auth.users (id, email, email_confirmed_at, raw_app_meta_data) values
  ('a0000000-0000-4000-8000-000000000001', 'owner@example.com', now(), '{}'),
  ('b0000000-0000-4000-8000-000000000001', 'stranger@example.com', now(), '{}'),
  ('c0000000-0000-4000-8000-000000000001', 'operator@example.com', now(),
    '{"role": "operator"}');
create function pg_temp.add(kind text, address text, topics text[])
returns void language sql as $$
  insert into public.contacts (contact_type, address, topics) values (kind, address, topics)
$$;

select tests.act_as('owner');
select lives_ok(
  $$ select pg_temp.add('email', 'owner@example.com', '{feedback_ready}') $$,
  'a user is mailed at the address of the account'
);
select throws_ok(call, code, message, what)
from (values
  ($$ select pg_temp.add('email', 'stranger@example.com', '{feedback_ready}') $$, 'PT422', null,
    'and has nobody else mailed'),
  ($$ select pg_temp.add('webhook', 'https://example.com/hook', '{alerts}') $$, 'PT403', null,
    'users hear of no alerts'),
  ($$ select pg_temp.add('sms', '+4915112345678', '{feedback_ready}') $$, 'PT422', null,
    'nor have they text messages sent')
) as refused (call, code, message, what);
select throws_like(
  $$ select pg_temp.add('webhook', 'file:///etc/passwd', '{feedback_ready}') $$,
  '%address_fits_its_type%', 'a webhook is an address of the web'
);
select throws_like(
  $$ select pg_temp.add('webhook', E'https://example.com/\u0001', '{feedback_ready}') $$,
  '%address_fits_its_type%', 'no address holds what cannot be seen'
);
select pg_temp.add('webhook', 'https://example.com/' || i, '{feedback_ready}')
from generate_series(1, 4) as i;
select throws_ok(
  $$ select pg_temp.add('webhook', 'https://example.com/5', '{feedback_ready}') $$, 'PT429', null,
  'a user has five contacts'
);
select throws_ok(
  $$ update public.contacts set address = 'https://example.com/x' $$, '42501', null,
  'an address is not changed behind the check'
);

reset role;
select tests.act_as('operator');
select pg_temp.add('webhook', 'https://ops.example.com/hook', '{alerts}');
reset role;
select results_eq(
  $$ select pipeline.post_message('alerts', 'a', 'normal', 'First', 'Text', '{}')
     union all select pipeline.post_message('alerts', 'a', 'normal', 'Again', 'Text', '{}')
     union all select pipeline.post_message('alerts', 'b', 'urgent', 'Urgent', 'Text', '{}') $$,
  'values (1), (0), (1)', 'alerts go to operators; what has one key is said once'
);
select results_eq(
  'select subject from pipeline.claim_notify(1)', $$ values ('Urgent') $$, 'urgent ones go first'
);
select is_empty('select * from pipeline.violations', 'no rule is broken');
select pipeline.post_message(
  'alerts', 'line', 'normal', E'On a.mp4\r\nBcc: b@example.com', 'Text', '{}'
);
select is(
  (select m.subject from public.message_queue as m where m.message_key = 'line'),
  'On a.mp4 Bcc: b@example.com', 'a subject is one line'
);

update auth.users set raw_app_meta_data = '{}' where email = 'operator@example.com';
select is(
  pipeline.post_message('alerts', 'c', 'normal', 'Third', 'Text', '{}'), 0,
  'who is an operator no more hears no more'
);
update auth.users set raw_app_meta_data = '{"role": "operator"}'
where email = 'operator@example.com';
select is(
  (
    select sum(pipeline.post_message('alerts', 'd' || i, 'normal', 'Many', 'Text', '{}'))
    from generate_series(1, 100) as i
  ), 57::bigint, 'a contact is sent 60 an hour'
);

select is(
  pipeline.post_message(
    'feedback_ready', 'e', 'normal', 'Fifth', 'Text', '{}', 'a0000000-0000-4000-8000-000000000001'
  ), 5, 'a user is told at each contact'
);
select is(
  (
    select count(*) from pipeline.claim_notify(32)
    where user_id = 'a0000000-0000-4000-8000-000000000001'
  ), 4::bigint, 'whose addresses do not answer holds up few'
);
select tests.act_as('owner');
update public.contacts set enabled = false where address = 'https://example.com/1';
update public.contacts set topics = '{}' where address = 'https://example.com/2';
delete from public.contacts where address = 'https://example.com/3';
reset role;
select set_eq(
  $$ select c.address from public.message_queue as m
     join public.contacts as c on c.id = m.contact_id where m.message_key = 'e' $$,
  array['owner@example.com', 'https://example.com/4'],
  'who wants to hear no more is not sent what still waits'
);
select is_empty('select * from pipeline.violations', 'and no task is left of it');
update auth.users set email = 'new@example.com' where email = 'owner@example.com';
select is(
  pipeline.post_message(
    'feedback_ready', 'f', 'normal', 'Sixth', 'Text', '{}', 'a0000000-0000-4000-8000-000000000001'
  ), 1, 'no mail goes to an address that is theirs no more'
);

select tests.act_as('stranger');
select is_empty('select from public.contacts', 'strangers see no contacts');
select is_empty('select from public.message_queue', 'and no messages');

reset role;
select * from finish();
rollback;
