import { listen } from "../sql/listen.ts";
import type { Sql } from "../sql/sql.ts";

/**
 * Event triggers that hosted projects have: after any DDL the Data API is told to forget what it
 * knows of the schema. Whoever needs it may also `notify pgrst, 'reload schema'` by hand.
 */
const ddlWatch = `
create or replace function extensions.pgrst_ddl_watch() returns event_trigger
language plpgsql set search_path = '' as $$
begin
  if exists (
    select from pg_catalog.pg_event_trigger_ddl_commands()
    where schema_name is distinct from 'pg_temp'
  ) then
    notify pgrst, 'reload schema';
  end if;
end
$$;

create or replace function extensions.pgrst_drop_watch() returns event_trigger
language plpgsql set search_path = '' as $$
begin
  if exists (select from pg_catalog.pg_event_trigger_dropped_objects() where not is_temporary) then
    notify pgrst, 'reload schema';
  end if;
end
$$;

drop event trigger if exists pgrst_ddl_watch;
create event trigger pgrst_ddl_watch on ddl_command_end
  execute function extensions.pgrst_ddl_watch();
drop event trigger if exists pgrst_drop_watch;
create event trigger pgrst_drop_watch on sql_drop
  execute function extensions.pgrst_drop_watch();
`;

/**
 * Calls `onChange` after every change of the schema, and whenever changes may have been missed
 * because the connection was lost.
 * @param sql as supabase_admin: only a superuser may create event triggers
 */
export async function watchSchema(
  sql: Sql,
  dbUrl: string,
  onChange: () => void,
): Promise<{ stop(): Promise<void> }> {
  await sql.begin((tx) => tx.run(ddlWatch));
  const watch = { url: dbUrl, name: "data-api schema watch", channel: "pgrst" };
  const listener = listen({ ...watch, onNotify: onChange, onMissed: onChange });
  await listener.ready;
  return listener;
}
