/** `npm run db:…`: the migration tools for this project. */
import { run } from "@sideline/migration-tools/command";
import { sideline } from "./sideline.ts";

await run(process.argv.slice(2), sideline);
