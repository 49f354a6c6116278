import type { SignedUrls } from "@sideline/client";
import { useCallback, useEffect, useState } from "react";
import { useStore } from "zustand";

/**
 * The video's address. A newer one does not replace it while it is good: that would begin the video
 * anew.
 * @returns `renew` for a player whose address has ended; false where there is no newer one
 */
export function useVideoUrl(
  videoUrls: SignedUrls,
  path: string | null,
): { url: string | null; renew(): boolean } {
  const newest = useStore(videoUrls.store, (urls) => (path ? (urls[path]?.url ?? null) : null));
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => (path ? videoUrls.keep([path]) : undefined), [videoUrls, path]);
  useEffect(() => setUrl((before) => before ?? newest), [newest]);
  const renew = useCallback(() => {
    setUrl(newest);
    return newest !== url;
  }, [newest, url]);
  return { url, renew };
}
