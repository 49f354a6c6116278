/**
 * Calls back when the page can hear again: it is shown, or the network is back. A hidden page's
 * timers and sockets may have been stopped meanwhile. Does nothing where there is no page.
 * @returns ends it
 */
export function onWake(callback: () => void): () => void {
  if (typeof document === "undefined" || typeof window === "undefined") return () => {};
  const whenShown = () => {
    if (document.visibilityState === "visible") callback();
  };
  document.addEventListener("visibilitychange", whenShown);
  window.addEventListener("online", callback);
  return () => {
    document.removeEventListener("visibilitychange", whenShown);
    window.removeEventListener("online", callback);
  };
}
