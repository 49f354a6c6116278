import { type StackProcess, startStackProcess } from "../start-stack-process.ts";
import { type ProviderHabits, startInstantProviders } from "./instant-providers.ts";

/**
 * A stack as in production, cron and pings included, with providers that answer at once.
 * @param track is told at once how to stop it, for a run that is broken off
 * @param functionsEnv more environment for the functions
 */
export async function startPipelineStack(
  track: (stop: () => Promise<void>) => void,
  functionsEnv: Record<string, string> = {},
  habits?: ProviderHabits,
): Promise<StackProcess> {
  const providers = await startInstantProviders(habits);
  const environment = {
    GEMINI_BASE_URL: providers.url,
    GEMINI_API_KEY: "bench",
    TTS_BASE_URL: providers.url,
    TTS_API_KEY: "bench",
    TTS_ENCODING: "LINEAR16",
    ...functionsEnv,
  };
  const stack = await startStackProcess(environment, track);
  const stop = async () => {
    await stack.stop();
    await providers.stop();
  };
  return { ...stack, stop };
}
