import type { IntrospectResult } from "@supabase/lite";
import { sql } from "kysely";
import type { CatalogView } from "./connection.ts";
import { SchemaUnreadable } from "./errors.ts";
import { PooledConnection } from "./pooled-connection.ts";

interface Catalog {
  introspection: IntrospectResult;
  timeouts: Map<string, string>;
  elementTypes: Map<number, number>;
}

/**
 * What the Data API knows of the schema: read once, kept until `invalidate`. Only exposed schemas are
 * in it, because the library looks tables up by name alone and would else confuse `public.users`
 * with `auth.users`.
 */
export class SchemaCache implements CatalogView {
  readonly #connection: PooledConnection;
  readonly #exposed: ReadonlySet<string>;
  #catalog: Promise<Catalog> | undefined;
  #timeouts = new Map<string, string>();
  #elementTypes = new Map<number, number>();

  /** @param url as role `postgres`, which sees every table of the project */
  constructor(url: string, exposedSchemas: readonly string[]) {
    this.#exposed = new Set(exposedSchemas);
    this.#connection = new PooledConnection({ url, name: "data-api schema cache", max: 1 });
  }

  async introspection(): Promise<IntrospectResult> {
    this.#catalog ??= this.#load();
    return (await this.#catalog).introspection;
  }

  statementTimeout(role: string): string | undefined {
    return this.#timeouts.get(role);
  }

  elementTypes(): ReadonlyMap<number, number> {
    return this.#elementTypes;
  }

  /** Forgets what it knows; the next request reads anew. */
  invalidate(): void {
    this.#catalog = undefined;
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }

  async #load(): Promise<Catalog> {
    try {
      const catalog = await this.#read();
      this.#timeouts = catalog.timeouts;
      this.#elementTypes = catalog.elementTypes;
      return catalog;
    } catch (error) {
      // A failed read is not kept: the next request tries again.
      this.invalidate();
      throw error;
    }
  }

  async #read(): Promise<Catalog> {
    const timeouts = await this.#readTimeouts();
    const elementTypes = await this.#readElementTypes();
    const outward = await this.#readOutwardKeys();
    const all = await this.#connection.introspect({ useCache: false });
    // The library answers a failed introspection with an empty schema, which has not even these.
    if (all.functions === undefined) throw new SchemaUnreadable();
    return { introspection: this.#onlyExposed(all, outward), timeouts, elementTypes };
  }

  async #readTimeouts(): Promise<Map<string, string>> {
    const { rows } = await sql<{ role: string; setting: string }>`
      select r.rolname as role, split_part(setting, '=', 2) as setting
      from pg_catalog.pg_roles r, unnest(r.rolconfig) as setting
      where r.rolname in ('anon', 'authenticated', 'service_role')
        and setting like 'statement\\_timeout=%'
    `.execute(this.#connection.kysely);
    return new Map(rows.map(({ role, setting }) => [role, setting]));
  }

  async #readElementTypes(): Promise<Map<number, number>> {
    const { rows } = await sql<{ type: number; element: number }>`
      select oid::int as type, typelem::int as element
      from pg_catalog.pg_type
      where typcategory = 'A' and typelem <> 0
    `.execute(this.#connection.kysely);
    return new Map(rows.map(({ type, element }) => [type, element]));
  }

  /**
   * Foreign keys that lead into another schema, which no embedding follows. The library does not
   * tell where a key leads to, and would look for `users` of schema auth in schema public.
   */
  async #readOutwardKeys(): Promise<Set<string>> {
    const { rows } = await sql<{ schema: string; table: string; name: string }>`
      select child.relnamespace::regnamespace::text as schema, child.relname as table,
        c.conname as name
      from pg_catalog.pg_constraint c
      join pg_catalog.pg_class child on child.oid = c.conrelid
      join pg_catalog.pg_class parent on parent.oid = c.confrelid
      where c.contype = 'f' and child.relnamespace <> parent.relnamespace
    `.execute(this.#connection.kysely);
    return new Set(rows.map(({ schema, table, name }) => keyId(schema, table, name)));
  }

  #onlyExposed(all: IntrospectResult, outward: ReadonlySet<string>): IntrospectResult {
    const shown = <T extends { schema: string }>(items: T[]) =>
      items.filter((item) => this.#exposed.has(item.schema));
    return {
      ...all,
      tables: shown(all.tables),
      columns: shown(all.columns),
      indexes: shown(all.indexes),
      foreign_keys: shown(all.foreign_keys).filter(
        ({ schema, table, foreign_key_name = "" }) =>
          !outward.has(keyId(schema, table, foreign_key_name)),
      ),
      primary_keys: shown(all.primary_keys),
      views: shown(all.views),
      check_constraints: shown(all.check_constraints),
      unique_constraints: shown(all.unique_constraints),
      comments: shown(all.comments),
      triggers: shown(all.triggers),
      functions: shown(all.functions ?? []),
    };
  }
}

function keyId(schema: string, table: string, name: string): string {
  return JSON.stringify([schema, table, name]);
}
