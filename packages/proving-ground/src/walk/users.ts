/** Users have ids that can be told from their names, and names that can be told from their ids. */
const prefix = "a0000000-0000-4000-8000-";

export function userId(name: string): string {
  return `${prefix}${Buffer.from(name).toString("hex").padStart(12, "0").slice(-12)}`;
}

/** Null where it is no user's. */
export function nameOfUser(id: string): string | null {
  if (!id.startsWith(prefix)) return null;
  const letters = Buffer.from(id.slice(prefix.length), "hex").toString();
  return letters.replaceAll("\0", "");
}
