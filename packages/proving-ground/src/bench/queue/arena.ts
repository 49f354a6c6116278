import type { Contestant, Place } from "./contestants/contestant.ts";
import { sideline } from "./contestants/sideline.ts";
import type { BenchServer } from "./server.ts";

/** The contestants on one server, each with a prepared database to copy. */
export interface Arena {
  contestants: Contestant[];
  /** A fresh copy of a contestant's prepared database. */
  enter(contestant: Contestant, purpose: string): Promise<Ring>;
}

export interface Ring extends AsyncDisposable {
  contestant: Contestant;
  place: Place;
  adminUrl: string;
}

export async function openArena(
  server: BenchServer,
  contestants: Contestant[],
  history: number,
  say: (line: string) => void,
): Promise<Arena> {
  const prepared = new Map<Contestant, string>();
  for (const contestant of contestants) {
    say(`Preparing ${contestant.name}`);
    const database = `prepared_${slug(contestant.name)}`;
    const template = contestant === sideline ? server.migrated : undefined;
    const url = await server.create(database, template);
    await contestant.prepare(contestant === sideline ? server.adminUrlOf(database) : url, history);
    prepared.set(contestant, database);
  }
  let copies = 0;
  return {
    contestants,
    async enter(contestant, purpose) {
      const database = `${slug(contestant.name)}_${purpose}_${++copies}`;
      const url = await server.create(database, prepared.get(contestant));
      const adminUrl = server.adminUrlOf(database);
      return {
        contestant,
        place: await contestant.open(url, adminUrl),
        adminUrl,
        [Symbol.asyncDispose]: () => server.drop(database),
      };
    },
  };
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/\W/g, "_");
}
