import { Keyboard, Maximize, Pause, Play, Volume2, VolumeX } from "lucide-react";
import type { RefObject } from "react";
import { useStore } from "zustand";
import { IconButton } from "../parts/button.tsx";
import { clock } from "../parts/time.ts";
import { useWords } from "../words/use-words.ts";
import { type Manner, type Playback, stepRate } from "./playback.ts";
import { toggleFullscreen } from "./use-keys.ts";

interface Props {
  duration: number;
  playback: Playback;
  frame: RefObject<HTMLElement | null>;
  showKeys(): void;
}

const select = "min-h-touch rounded-part bg-well px-2.5 text-sm";

export function Controls({ duration, playback, frame, showKeys }: Props) {
  const words = useWords();
  const { isPlaying, isMuted, seconds, rate, manner, spoken } = useStore(playback.store);
  const isOn = isPlaying || spoken !== null;
  const manners: [Manner, string][] = [
    ["pause", words.speakPause],
    ["duck", words.speakDuck],
    ["off", words.speakOff],
  ];
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-2">
      <IconButton
        look="main"
        label={isOn ? words.pauseVideo : words.play}
        onClick={playback.toggle}
      >
        {isOn ? (
          <Pause className="size-4.5 fill-current" />
        ) : (
          <Play className="size-4.5 fill-current" />
        )}
      </IconButton>
      <span className="px-1 text-sm text-soft tabular-nums">
        {clock(seconds)} / {clock(duration)}
      </span>
      <IconButton label={isMuted ? words.unmute : words.mute} onClick={playback.toggleMute}>
        {isMuted ? <VolumeX className="size-4.5" /> : <Volume2 className="size-4.5" />}
      </IconButton>
      <button
        type="button"
        aria-label={`${words.speed}: ${rate}`}
        title={words.speed}
        onClick={() => playback.setRate(rate === 2 ? 0.25 : stepRate(rate, 1))}
        className="min-h-touch min-w-12 rounded-part text-sm font-medium text-soft hover:bg-well hover:text-ink"
      >
        {rate}×
      </button>
      <label className="ml-auto flex items-center gap-2 text-sm text-soft max-sm:order-last max-sm:ml-0 max-sm:w-full">
        <span className="max-sm:flex-1">{words.speaking}</span>
        <select
          value={manner}
          className={select}
          onChange={({ target }) => {
            const wanted = manners.find(([name]) => name === target.value)?.[0];
            if (wanted) playback.setManner(wanted);
          }}
        >
          {manners.map(([name, label]) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <IconButton label={words.keys} className="max-sm:hidden" onClick={showKeys}>
        <Keyboard className="size-4.5" aria-hidden="true" />
      </IconButton>
      <IconButton
        label={words.fullscreen}
        className="max-sm:ml-auto"
        onClick={() => toggleFullscreen(frame.current)}
      >
        <Maximize className="size-4.5" />
      </IconButton>
    </div>
  );
}
