-- With the token of an account that was deleted nobody adds anything, and is told why.
begin;
select plan(4);

select tests.people();
create temporary table added as
select c.conrelid::regclass::text as name
from pg_constraint as c
where c.contype = 'f' and c.confrelid = 'auth.users'::regclass
  and c.connamespace = 'public'::regnamespace
  and has_any_column_privilege('authenticated', c.conrelid, 'INSERT');
grant select on added to authenticated;

select cmp_ok((select count(*) from added), '>=', 4::bigint, 'owners add rows to tables');
select tests.act_as('owner');
select public.delete_account();
select is_empty(
  $$ select a.name from added as a where not exists (
       select from pg_trigger as t
       where t.tgrelid = a.name::regclass and t.tgname like '%_010_require_account'
     ) $$,
  'each of them asks whether their account is there'
);
select throws_ok(
  $$ insert into public.video_recordings (filename, storage_path)
     values ('a.mp4', 'a0000000-0000-4000-8000-000000000001/a.mp4') $$,
  'PT401', 'this account has been deleted', 'nothing is added by one that is not'
);

reset role;
insert into storage.objects (bucket_id, name)
values ('assets', 'b0000000-0000-4000-8000-000000000002/a.png');
select tests.act_as('stranger');
select public.delete_account();
reset role;
select results_eq(
  $$ select path, reason from pipeline.erasures
     where user_id = 'b0000000-0000-4000-8000-000000000002' $$,
  $$ values ('b0000000-0000-4000-8000-000000000002/a.png', 'account_deleted') $$,
  'files of an account that had no row are asked for, too'
);
select * from finish();
rollback;
