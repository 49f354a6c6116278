import type { Catalogue } from "./catalogue.ts";

/**
 * Tables whose rows belong to a user: by a key to `auth.users` or to a
 * table of that sort; and files.
 */
export function ownedTables(catalogue: Catalogue, moment: number): Set<string> {
  const keys = catalogue.before(moment, ["foreign key"]);
  const owned = new Set(["auth.users", "storage.objects"]);
  for (let known = 0; known < owned.size; ) {
    known = owned.size;
    for (const { owner, target } of keys) if (owned.has(target)) owned.add(owner);
  }
  return owned;
}
