/** Which project the console is for: one file beside it, so that one build serves all of them. */
export interface Config {
  supabaseUrl: string;
  publishableKey: string;
}

/** @throws Error naming what is missing */
export async function loadConfig(): Promise<Config> {
  const response = await fetch("./config.json");
  const config: unknown = response.ok ? await response.json() : null;
  if (
    typeof config === "object" &&
    config !== null &&
    "supabaseUrl" in config &&
    "publishableKey" in config
  ) {
    return {
      supabaseUrl: new URL(String(config.supabaseUrl), location.href).href,
      publishableKey: String(config.publishableKey),
    };
  }
  throw new Error("config.json needs supabaseUrl and publishableKey.");
}
