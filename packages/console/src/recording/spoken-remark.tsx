import type { Feedback } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import type { Playback } from "./playback.ts";

/** Speaks the remark whose moment it is, and shows its words over the picture. */
export function SpokenRemark({ feedback, playback }: { feedback: Feedback[]; playback: Playback }) {
  const { audioUrls } = useSideline();
  const spoken = useStore(playback.store, (state) => state.spoken);
  const remark = feedback.find(({ id }) => id === spoken?.id);
  const path = remark?.audioSegments[spoken?.segment ?? 0]?.path ?? null;
  const isMuted = useStore(playback.store, (state) => state.isMuted);
  const audio = useRef<HTMLAudioElement>(null);
  const [url, setUrl] = useState<string | null>(null);

  useEffect(() => {
    setUrl(null);
    if (!path) return;
    let isWanted = true;
    audioUrls.get(path).then(
      (signed) => isWanted && setUrl(signed),
      // It cannot be heard now; the video must not wait for it.
      () => isWanted && playback.stopSpeaking(),
    );
    return () => {
      isWanted = false;
    };
  }, [audioUrls, path, playback]);

  useEffect(() => {
    // Refused where nobody has pressed anything yet.
    if (url) audio.current?.play().catch(() => playback.stopSpeaking());
  }, [url, playback]);

  if (!remark) return null;
  return (
    <>
      <audio
        ref={audio}
        src={url ?? undefined}
        muted={isMuted}
        onEnded={() => playback.segmentEnded(remark)}
        onError={() => url && playback.stopSpeaking()}
      />
      <p
        aria-live="polite"
        className="absolute inset-x-3 bottom-3 mx-auto max-w-xl rounded-part bg-black/80 px-4 py-2.5 text-center text-sm leading-snug text-balance text-white sm:text-base"
      >
        {remark.message}
      </p>
    </>
  );
}
