// @ts-check
/**
 * Preloaded into what `launch.mjs` starts: ends the process, by the signal it handles anyway,
 * when the process that started it is gone.
 */
if (process.channel) {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
  process.channel.unref();
}
