/**
 * Takes an option that holds for every command, `--name VALUE` or `--name=VALUE`, out of the
 * arguments, so that the command itself need not know it.
 */
export function optionOf(args: string[], name: string): string | undefined {
  const at = args.findIndex((word) => word === name || word.startsWith(`${name}=`));
  if (at < 0) return undefined;
  const [word = ""] = args.splice(at, 1);
  if (word !== name) return word.slice(name.length + 1);
  return args.splice(at, 1)[0];
}
