const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `columns` with a resolution of an eighth of a column. `share` is 0 to 1. */
export function progressBar(columns: number, share: number): string {
  const filled = Math.min(1, Math.max(0, share)) * columns;
  const whole = Math.floor(filled);
  const rest = eighths[Math.floor((filled - whole) * 8)] ?? "";
  return `${"█".repeat(whole)}${rest}`.padEnd(columns, "░");
}

/** e.g. "231 KB", "1.2 MB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1_000)} KB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
