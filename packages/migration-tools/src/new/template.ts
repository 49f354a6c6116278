/** Names that the examples use, so that they fit the project. */
export interface MigrationNames {
  /** The schema of functions that users do not call. */
  schema: string;
  /** The expression for the present moment. */
  now: string;
  /** The trigger function, with its arguments, that keeps `updated_at`. */
  touch: string;
}

/** Those of any Supabase project; `moddatetime` is one of its extensions. */
export const defaultNames: MigrationNames = {
  schema: "public",
  now: "now()",
  touch: "extensions.moddatetime(updated_at)",
};

/**
 * The text of a new migration: the sections in the order in which statements must stand, each with
 * an example. Examples are comments, so that an untouched file changes nothing.
 * @param file name of the migration, e.g. `20261201080000_clips.sql`
 */
export function migrationTemplate(file: string, { schema, now, touch }: MigrationNames): string {
  return `-- Say here what this migration is for, and who uses what it makes. (${file})
-- Keep the sections that you need, in this order, and remove the rest. One topic a migration.
-- No \`do\` blocks, no \`if exists\`, no exception handling: what cannot be done has to fail.

-- 1. Types, only where a check on a text column does not do.
-- create type public.clip_kind as enum ('short', 'long');

-- 2. Tables, schema-qualified. Statuses are text with a named check.
-- create table public.clips (
--   id bigint generated always as identity primary key,
--   user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
--   kind public.clip_kind not null,
--   status text not null default 'new',
--   updated_at timestamptz not null default ${now},
--   constraint clip_status_is_known check (status in ('new', 'seen'))
-- );

-- 3. Comments on every table and column: the documentation shows them.
-- comment on table public.clips is 'What a row is.';
-- comment on column public.clips.id is 'Identity.';
-- comment on column public.clips.user_id is 'Owner.';
-- comment on column public.clips.kind is 'short or long.';
-- comment on column public.clips.status is 'new or seen.';
-- comment on column public.clips.updated_at is 'When the row last changed.';

-- 4. Constraints on tables that exist already, named as facts. Every \`on conflict (…)\` below needs
--    a unique constraint on exactly these columns.
-- alter table public.clips add constraint clips_user_id_kind_key unique (user_id, kind);

-- 5. Indexes: one under every foreign key and every column that a policy compares.
-- create index clips_user_id_idx on public.clips (user_id);

-- 6. Functions: returns, language, volatility, security, empty search_path.
-- create function ${schema}.clip_count(user_id uuid)
-- returns bigint
-- language sql stable security invoker set search_path = ''
-- as $$
--   select count(*) from public.clips as c where c.user_id = clip_count.user_id
-- $$;

-- 7. Triggers.
-- create trigger clips_touch_updated_at
-- before update on public.clips
-- for each row execute function ${touch};

-- 8. Row level security and policies, named as sentences.
-- alter table public.clips enable row level security;
-- create policy "owners read their clips" on public.clips
-- for select to authenticated using (user_id = (select auth.uid()));

-- 9. Grants: revoke everything first, then grant by name.
-- revoke all on table public.clips from public, anon, authenticated, service_role;
-- revoke all on sequence public.clips_id_seq from public, anon, authenticated, service_role;
-- grant select on table public.clips to authenticated;
-- grant select, insert, update, delete on table public.clips to service_role;
-- revoke all on function ${schema}.clip_count(uuid) from public, anon, authenticated;
-- grant execute on function ${schema}.clip_count(uuid) to service_role;

-- 10. Publication, for tables whose changes users watch.
-- alter publication supabase_realtime add table public.clips;
`;
}

/**
 * The text of its undo: the same sections from the last to the first.
 * @param file name of the migration and of its undo
 */
export function rollbackTemplate(file: string, { schema }: Pick<MigrationNames, "schema">): string {
  return `-- Undoes ${file}.
-- Take away what the migration made, and nothing else, from its last section to its first; a table
-- goes with its columns, indexes, triggers, policies, grants, and its rows.
-- No \`if exists\`, no \`cascade\`: both would hide that the database is not what you think it is.

-- alter publication supabase_realtime drop table public.clips;
-- drop function ${schema}.clip_count(uuid);
-- drop table public.clips;
-- drop type public.clip_kind;
`;
}
