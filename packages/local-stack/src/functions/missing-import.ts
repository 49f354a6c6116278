/** What Deno's complaint about an import means to who reads the stack's log. */
export interface MissingImport {
  /** The package is not in node_modules, but may be in the registry. */
  isNpm: boolean;
  sentence: string;
}

/** @param line of a function that does not start; null where it is about something else */
export function missingImport(line: string): MissingImport | null {
  const npm = /Could not find a matching package for '(npm:[^']+)' in the node_modules/.exec(line);
  if (npm !== null) {
    const sentence = `${npm[1]} is not in node_modules and is taken from the npm registry.`;
    return { isNpm: true, sentence };
  }
  const address = /\bImport '(https?:[^']+)' failed/.exec(line);
  if (address === null) return null;
  const sentence = `${address[1]} could not be loaded. Imports of https: and jsr: need the network the first time; npm: packages can be installed in the project.`;
  return { isNpm: false, sentence };
}
