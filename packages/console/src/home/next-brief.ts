import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

const key = "next-brief";

/** The session whose brief the next videos follow; kept on this device, null is none. */
const chosen = createStore<{ sessionId: number | null }>(() => ({
  sessionId: Number(localStorage.getItem(key)) || null,
}));

export function useNextBrief(): number | null {
  return useStore(chosen, ({ sessionId }) => sessionId);
}

export function chooseNextBrief(sessionId: number | null): void {
  if (sessionId === null) localStorage.removeItem(key);
  else localStorage.setItem(key, String(sessionId));
  chosen.setState({ sessionId });
}
