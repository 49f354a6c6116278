import { existsSync, type FSWatcher, watch } from "node:fs";

const quietMs = 150;

/** Calls `onChange` once after files below any of these folders have changed. */
export function watchFolders(folders: string[], onChange: () => void): { stop(): void } {
  let pending: NodeJS.Timeout | undefined;
  const watchers: FSWatcher[] = [];
  for (const folder of folders.filter((candidate) => existsSync(candidate))) {
    const watcher = watch(folder, { recursive: true, persistent: false }, (_, file) => {
      if (file === null || /(^|\/)(node_modules|\.)|~$|\.test\.ts$/.test(file)) return;
      clearTimeout(pending);
      pending = setTimeout(onChange, quietMs);
      pending.unref();
    });
    // Watching is a convenience: a folder that vanishes ends it, not the host.
    watcher.on("error", () => watcher.close());
    watchers.push(watcher);
  }
  return {
    stop() {
      clearTimeout(pending);
      for (const watcher of watchers) watcher.close();
    },
  };
}
