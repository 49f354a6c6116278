import { existsSync, type FSWatcher, watch } from "node:fs";
import path from "node:path";

const quietMs = 150;

/** Calls `onChange` with the files below any of these folders that changed, once they rest. */
export function watchFolders(
  folders: string[],
  onChange: (files: string[]) => void,
): { stop(): void } {
  const changed = new Set<string>();
  const watchers: FSWatcher[] = [];
  let pending: NodeJS.Timeout | undefined;

  function report(): void {
    const files = [...changed];
    changed.clear();
    onChange(files);
  }

  for (const folder of folders.filter((candidate) => existsSync(candidate))) {
    const watcher = watch(folder, { recursive: true, persistent: false }, (_, file) => {
      if (file === null || /(^|\/)(node_modules|\.)|~$|\.test\.ts$/.test(file)) return;
      changed.add(path.join(folder, file));
      clearTimeout(pending);
      pending = setTimeout(report, quietMs);
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
