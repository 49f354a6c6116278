import type { Feedback, Recording } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { Notice } from "../parts/notice.tsx";
import { useWords } from "../words/use-words.ts";
import { Controls } from "./controls.tsx";
import type { Playback } from "./playback.ts";
import { RemarkBar } from "./remark-bar.tsx";
import { SpokenRemark } from "./spoken-remark.tsx";
import { useKeys } from "./use-keys.ts";
import { useVideoUrl } from "./use-video-url.ts";

const reloadMs = 2_000;

interface Props {
  recording: Recording;
  feedback: Feedback[];
  playback: Playback;
}

export function Player({ recording, feedback, playback }: Props) {
  const words = useWords();
  const { videoUrls } = useSideline();
  const frame = useRef<HTMLDivElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const isStored = recording.uploadStatus === "completed";
  const { url, renew } = useVideoUrl(videoUrls, isStored ? recording.storagePath : null);
  const [measured, setMeasured] = useState<number | null>(null);
  const [hasNoPicture, setNoPicture] = useState(false);
  const duration = measured ?? recording.durationSeconds ?? 0;
  useKeys({ playback, feedback, frame });
  useEffect(() => {
    playback.attach(video.current);
    return () => playback.attach(null);
  }, [playback]);
  useEverySoOften(playback, feedback);

  return (
    <div
      ref={frame}
      className="sticky top-0 z-20 -mx-4 space-y-2 bg-desk px-4 pt-2 pb-3 sm:-mx-8 sm:px-8 lg:static lg:mx-0 lg:space-y-3 lg:p-0 [@media(max-height:640px)]:static [&:fullscreen]:overflow-auto [&:fullscreen]:p-6"
    >
      <div className="relative overflow-hidden rounded-sheet bg-black">
        {/* biome-ignore lint/a11y/useMediaCaption: the remarks are shown and spoken below. */}
        <video
          ref={video}
          src={url ?? undefined}
          playsInline
          preload="metadata"
          className="aspect-video w-full"
          onClick={playback.toggle}
          onPlay={() => playback.store.setState({ isPlaying: true })}
          onPause={() => playback.store.setState({ isPlaying: false })}
          onLoadedMetadata={({ currentTarget }) => setMeasured(finite(currentTarget.duration))}
          onTimeUpdate={({ currentTarget }) => {
            // A codec that the browser lacks plays on without a picture and without a word.
            const { totalVideoFrames } = currentTarget.getVideoPlaybackQuality();
            setNoPicture(currentTarget.currentTime > 0.7 && totalVideoFrames === 0);
          }}
          onError={({ currentTarget: element }) => {
            // The address has ended, or the line has: from where it was, as soon as it can be had.
            const isCut = element.error?.code === MediaError.MEDIA_ERR_NETWORK;
            if (renew()) return;
            if (!isCut) return setNoPicture(true);
            const { currentTime } = element;
            setTimeout(() => {
              element.load();
              element.currentTime = currentTime;
            }, reloadMs);
          }}
        />
        <SpokenRemark feedback={feedback} playback={playback} />
      </div>
      {hasNoPicture && <Notice>{words.noPicture}</Notice>}
      <RemarkBar feedback={feedback} duration={duration} playback={playback} />
      <Controls duration={duration} playback={playback} frame={frame} />
    </div>
  );
}

/** While it plays, the clock moves with the screen: `timeupdate` comes four times a second only. */
function useEverySoOften(playback: Playback, feedback: Feedback[]): void {
  const isPlaying = useStore(playback.store, (state) => state.isPlaying);
  useEffect(() => {
    if (!isPlaying) return;
    let handle = requestAnimationFrame(function tick() {
      playback.tick(feedback);
      handle = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(handle);
  }, [playback, feedback, isPlaying]);
}

function finite(seconds: number): number | null {
  return Number.isFinite(seconds) ? seconds : null;
}
