import { useSideline } from "@sideline/client/react";
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { useCallback, useEffect, useRef, useState } from "react";

export interface Polled<T> {
  data: T | null;
  /** Of the last read; null as soon as one succeeds. */
  error: unknown;
  /** When `data` was read. */
  readAt: Date | null;
  refresh(): Promise<void>;
}

/**
 * Reads again and again while the page is visible, one read at a time, and at once when it becomes
 * visible. What was read stays while a read fails.
 * @param args each of one identity as long as the same is read
 */
export function usePolled<T, Args extends unknown[]>(
  everyMs: number,
  read: (client: SupabaseClient<Database>, ...args: Args) => Promise<T>,
  ...args: Args
): Polled<T> {
  const { supabase } = useSideline();
  const [state, setState] = useState<Omit<Polled<T>, "refresh">>({
    data: null,
    error: null,
    readAt: null,
  });
  const running = useRef<{ refresh(): Promise<void> } | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the arguments are those of the read.
  useEffect(() => {
    let isWanted = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let reading: Promise<void> | null = null;
    async function once(): Promise<void> {
      try {
        const data = await read(supabase, ...args);
        if (isWanted) setState({ data, error: null, readAt: new Date() });
      } catch (error) {
        if (isWanted) setState((before) => ({ ...before, error }));
      }
    }
    function next(): Promise<void> {
      clearTimeout(timer);
      reading ??= once().finally(() => {
        reading = null;
        if (isWanted && !document.hidden) timer = setTimeout(next, everyMs);
      });
      return reading;
    }
    const show = () => (document.hidden ? clearTimeout(timer) : void next());
    // After a change: what is being read may be older than it.
    running.current = {
      async refresh() {
        await reading;
        await next();
      },
    };
    document.addEventListener("visibilitychange", show);
    void next();
    return () => {
      isWanted = false;
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", show);
    };
  }, [supabase, read, everyMs, ...args]);
  const refresh = useCallback(async () => running.current?.refresh(), []);
  return { ...state, refresh };
}
