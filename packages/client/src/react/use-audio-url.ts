import { useEffect } from "react";
import { useStore } from "zustand";
import { useSideline } from "./sideline-provider.ts";

/** A valid address of the audio; null until it is signed. Changes before the old one ends. */
export function useAudioUrl(path: string | null | undefined): string | null {
  const { audioUrls } = useSideline();
  useEffect(() => (path ? audioUrls.keep([path]) : undefined), [audioUrls, path]);
  return useStore(audioUrls.store, (urls) => (path ? (urls[path]?.url ?? null) : null));
}
