import type { IntrospectResult } from "@supabase/lite";
import { PostgresConnection } from "@supabase/lite/postgres";
import { sql } from "kysely";
import type { CatalogView } from "./connection.ts";

interface Catalog {
  introspection: IntrospectResult;
  timeouts: Map<string, string>;
}

/**
 * What the Data API knows of the schema: read once, kept until `invalidate`. Only exposed schemas are
 * in it, because the library looks tables up by name alone and would else confuse `public.users`
 * with `auth.users`.
 */
export class SchemaCache implements CatalogView {
  readonly #connection: PostgresConnection;
  readonly #exposed: ReadonlySet<string>;
  #catalog: Promise<Catalog> | undefined;
  #timeouts = new Map<string, string>();

  /** @param url as role `postgres`, which sees every table of the project */
  constructor(url: string, exposedSchemas: readonly string[]) {
    this.#exposed = new Set(exposedSchemas);
    this.#connection = new PostgresConnection({
      url,
      postgresOptions: {
        max: 1,
        idle_timeout: 20,
        connect_timeout: 5,
        onnotice: () => {},
        connection: { application_name: "data-api-schema-cache" },
      },
    });
  }

  async introspection(): Promise<IntrospectResult> {
    this.#catalog ??= this.#load();
    return (await this.#catalog).introspection;
  }

  statementTimeout(role: string): string | undefined {
    return this.#timeouts.get(role);
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
      return catalog;
    } catch (error) {
      // A failed read is not kept: the next request tries again.
      this.invalidate();
      throw error;
    }
  }

  async #read(): Promise<Catalog> {
    const timeouts = await this.#readTimeouts();
    // The library answers a failed introspection with an empty schema; the statement before this
    // one has then failed already.
    const all = await this.#connection.introspect({ useCache: false });
    return { introspection: this.#onlyExposed(all), timeouts };
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

  #onlyExposed(all: IntrospectResult): IntrospectResult {
    const shown = <T extends { schema: string }>(items: T[]) =>
      items.filter((item) => this.#exposed.has(item.schema));
    return {
      ...all,
      tables: shown(all.tables),
      columns: shown(all.columns),
      indexes: shown(all.indexes),
      foreign_keys: shown(all.foreign_keys).filter(
        ({ ref_schema }) => ref_schema === undefined || this.#exposed.has(ref_schema),
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
