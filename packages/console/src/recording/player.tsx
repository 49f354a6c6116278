import type { Feedback, Recording } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { useWords } from "../words/use-words.ts";
import { Controls } from "./controls.tsx";
import { KeysDialog } from "./keys-dialog.tsx";
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
  const frame = useRef<HTMLDivElement>(null);
  const [measured, setMeasured] = useState<number | null>(null);
  const [hasKeys, setKeys] = useState(false);
  const showKeys = useCallback(() => setKeys(true), []);
  const duration = measured ?? recording.durationSeconds ?? 0;
  useKeys({ playback, feedback, frame, showKeys });
  useEverySoOften(playback, feedback);
  return (
    <div
      ref={frame}
      className="sticky top-0 z-20 -mx-4 space-y-2 bg-desk px-4 pt-2 pb-3 sm:-mx-8 sm:px-8 lg:static lg:mx-0 lg:p-0 [@media(max-height:640px)]:static [&:fullscreen]:overflow-auto [&:fullscreen]:p-6"
    >
      <div className="relative overflow-hidden rounded-sheet bg-black">
        <Picture path={recording.storagePath} playback={playback} measured={setMeasured} />
        <SpokenRemark feedback={feedback} playback={playback} />
      </div>
      <RemarkBar feedback={feedback} duration={duration} playback={playback} />
      <Controls duration={duration} playback={playback} frame={frame} showKeys={showKeys} />
      {hasKeys && <KeysDialog closed={() => setKeys(false)} />}
    </div>
  );
}

interface PictureProps {
  path: string;
  playback: Playback;
  measured(seconds: number | null): void;
}

/** The clip in its own shape, as large as there is room; or why there is no picture. */
function Picture({ path, playback, measured }: PictureProps) {
  const words = useWords();
  const { videoUrls } = useSideline();
  const video = useRef<HTMLVideoElement>(null);
  const { url, renew } = useVideoUrl(videoUrls, path);
  const [shape, setShape] = useState("16 / 9");
  const [hasNoPicture, setNoPicture] = useState(false);
  useEffect(() => {
    playback.attach(video.current);
    return () => playback.attach(null);
  }, [playback]);
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: the remarks are shown and spoken below. */}
      <video
        ref={video}
        src={url ?? undefined}
        playsInline
        preload="metadata"
        style={{ aspectRatio: shape }}
        className="max-h-[36svh] w-full lg:max-h-[62svh] in-[:fullscreen]:max-h-[75vh]"
        onClick={playback.toggle}
        onPlay={() => playback.store.setState({ isPlaying: true })}
        onPause={() => playback.store.setState({ isPlaying: false })}
        onLoadedMetadata={({ currentTarget: { duration, videoWidth, videoHeight } }) => {
          measured(Number.isFinite(duration) ? duration : null);
          setNoPicture(videoWidth === 0);
          if (videoWidth > 0) setShape(`${videoWidth} / ${videoHeight}`);
        }}
        onTimeUpdate={({ currentTarget }) => {
          // A codec that the browser lacks plays on without a picture and without a word.
          const { totalVideoFrames } = currentTarget.getVideoPlaybackQuality();
          if (totalVideoFrames > 0) setNoPicture(false);
          else if (currentTarget.currentTime > 0.7) setNoPicture(true);
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
      {hasNoPicture && (
        <p
          role="status"
          className="pointer-events-none absolute inset-x-6 top-1/3 mx-auto max-w-sm text-center text-sm leading-relaxed text-balance text-white"
        >
          {words.noPicture}
        </p>
      )}
    </>
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
