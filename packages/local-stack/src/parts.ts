/** Pieces of the stack for programs that put one together themselves: tests, chaos and benchmarks. */
export { startTicker } from "./cron/ticker.ts";
export { openDatabase, openFolder } from "./database.ts";
export { ConnectionLost, forward } from "./functions/forward.ts";
export { loadKeys } from "./keys.ts";
export { startSender } from "./net/sender.ts";
export { platformSql } from "./platform/install.ts";
export { startProviders } from "./side-processes.ts";
export { fleetingFolder } from "./temporary-stack.ts";
export { openTestGateway, type TestGateway } from "./test-gateway.ts";
