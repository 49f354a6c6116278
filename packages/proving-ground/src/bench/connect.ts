import pg from "pg";

/** @param role what the connection acts as, where it is not the address's own */
export async function connect(url: string, role?: string): Promise<pg.Client> {
  const options = role === undefined ? {} : { options: `-c role=${role}` };
  const client = new pg.Client({ connectionString: url, ...options });
  // The end of a server that is stopped early is reported to whoever waits for an answer.
  client.on("error", () => {});
  await client.connect();
  return client;
}

/** One statement on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values?: unknown[],
): Promise<Row[]> {
  const client = await connect(url);
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
