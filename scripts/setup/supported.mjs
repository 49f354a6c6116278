// @ts-check

/**
 * Why this machine cannot run the embedded stack, in a sentence, or null where it can.
 * PostgreSQL and Deno come as binaries for the platforms below only.
 * @returns {string | null}
 */
export function unsupportedReason() {
  const { platform, arch } = process;
  if (platform === "win32") {
    return "Sideline runs on Linux and macOS. On Windows, open a WSL shell (https://learn.microsoft.com/windows/wsl/install) and run the same command there.";
  }
  if ((platform !== "linux" && platform !== "darwin") || (arch !== "x64" && arch !== "arm64")) {
    return `Sideline runs on Linux and macOS, x64 or arm64; this is ${platform} on ${arch}.`;
  }
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) {
    return `Sideline needs Node 20 or newer to set itself up; this is Node ${process.versions.node}.`;
  }
  return null;
}
