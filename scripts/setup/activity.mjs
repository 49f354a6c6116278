// @ts-check

/**
 * One line on stderr for work that takes long: with a running clock on a terminal,
 * once at the start elsewhere. Stdout stays the command's own.
 * @param {string} label e.g. "Installing dependencies"
 */
export function startActivity(label) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const live = process.stderr.isTTY === true;
  const draw = () => process.stderr.write(`\r${label} … ${seconds()} s`);
  if (!live) process.stderr.write(`${label} …\n`);
  else draw();
  const timer = live ? setInterval(draw, 1000) : undefined;
  return {
    /** @param {boolean} succeeded */
    end(succeeded) {
      clearInterval(timer);
      const outcome = `${label} ${succeeded ? "took" : "failed after"} ${seconds()} s.`;
      process.stderr.write(live ? `\r\x1b[K${outcome}\n` : `${outcome}\n`);
    },
  };
}
