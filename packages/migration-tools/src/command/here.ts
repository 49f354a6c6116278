/** Where the command was typed: npm runs its scripts in the project's folder and notes the other. */
export function here(): string {
  return process.env.INIT_CWD ?? process.cwd();
}
