import type { SignedUrls } from "@sideline/client";
import { useCallback, useEffect, useState } from "react";

/**
 * The video's address. It is not replaced while it is good: that would begin the video anew.
 * @returns `renew` for a player whose address has ended
 */
export function useVideoUrl(
  videoUrls: SignedUrls,
  path: string | null,
): { url: string | null; renew(): void } {
  const [url, setUrl] = useState<string | null>(null);
  const renew = useCallback(() => {
    if (path) videoUrls.get(path).then(setUrl, () => {});
  }, [videoUrls, path]);
  useEffect(renew, [renew]);
  return { url, renew };
}
