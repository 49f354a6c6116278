-- Undoes 20261101101130_contacts.sql.

drop table public.contacts;
drop function pipeline.check_contact();
drop function pipeline.is_own_address(uuid, text);
drop function pipeline.is_operators(uuid);
