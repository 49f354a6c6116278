/** `npm run db:lint`: what is wrong with the migrations, said before any database sees them. */
import { runCommand } from "./command.ts";

const { code, stdout, stderr } = runCommand(
  process.argv.slice(2),
  process.env.INIT_CWD ?? process.cwd(),
);
if (stdout) console.log(stdout);
if (stderr) console.error(stderr);
process.exitCode = code;
