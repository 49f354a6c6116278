/**
 * `npm run deploy:rehearse`: deploys every function with the real CLI to a server on this machine
 * and boots what was uploaded. Nothing leaves the machine.
 */
import { deployAll, functionNames, rehearse } from "./rehearse.ts";

const failures: string[] = [];
const deployments = await deployAll();
console.log("function            files      size   healthy after");
for (const name of functionNames()) {
  try {
    const { fileCount, bytes, bootMs } = await rehearse(name, deployments);
    const size = `${(bytes / 1024).toFixed(1)} KB`;
    const columns = [String(fileCount).padStart(5), size.padStart(10), `${bootMs} ms`.padStart(14)];
    console.log(`${name.padEnd(18)} ${columns.join("")}`);
  } catch (error) {
    console.log(`${name.padEnd(18)} failed`);
    failures.push(error instanceof Error ? error.message : String(error));
  }
}
for (const failure of failures) console.error(`\n${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
