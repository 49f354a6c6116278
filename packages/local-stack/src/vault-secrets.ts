import type { Sql } from "./sql/sql.ts";

/**
 * Puts what the database must know of its own surroundings into Vault, under the names that
 * `pipeline.dispatch()` reads. On hosted the operator does this once.
 * @param sql as supabase_admin
 */
export async function writeVaultSecrets(
  sql: Sql,
  secrets: { apiUrl: string; secretKey: string },
): Promise<void> {
  const wanted = {
    sideline_project_url: secrets.apiUrl,
    sideline_secret_key: secrets.secretKey,
  };
  for (const [name, value] of Object.entries(wanted)) {
    await sql`
      select case
        when s.id is null then vault.create_secret(${value}, ${name})::text
        else vault.update_secret(s.id, ${value})::text
      end
      from (values (1)) as one left join vault.secrets as s on s.name = ${name}`;
  }
}
