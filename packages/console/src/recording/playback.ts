/**
 * The one clock of a recording's page: what the video does, and which remark is being spoken. The
 * player drives it, the list and the keys steer it.
 */
import { type Feedback, isAudible } from "@sideline/client";
import { createStore, type StoreApi } from "zustand/vanilla";

export type Manner = "pause" | "duck" | "off";

export interface PlaybackState {
  seconds: number;
  isPlaying: boolean;
  isMuted: boolean;
  rate: number;
  manner: Manner;
  /** The remark whose audio plays, and which of its segments. */
  spoken: { id: number; segment: number } | null;
}

export interface Playback {
  store: StoreApi<PlaybackState>;
  /** The element is there, or gone. */
  attach(video: HTMLVideoElement | null): void;
  toggle(): void;
  pause(): void;
  seek(seconds: number): void;
  setRate(rate: number): void;
  toggleMute(): void;
  setManner(manner: Manner): void;
  /** Speaks it now, wherever the video is. */
  speak(remark: Feedback): void;
  /** Of the spoken remark a segment has ended. */
  segmentEnded(remark: Feedback): void;
  /** Of what is spoken now no more is heard; what waits for its turn is. */
  stopSpeaking(): void;
  /** The video has moved on: speaks what begins in between. */
  tick(feedback: Feedback[]): void;
}

const rates = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];
/** Of the video's sound while a remark is spoken over it. */
const ducked = 0.2;
/** Before anything that begins at 0:00. */
const beginning = -1;
/** Less than a frame. */
const instant = 0.001;

export function stepRate(rate: number, steps: number): number {
  const at = rates.indexOf(rate);
  return rates[Math.min(Math.max(at + steps, 0), rates.length - 1)] ?? 1;
}

export function createPlayback(): Playback {
  const store = createStore<PlaybackState>(() => ({
    seconds: 0,
    isPlaying: false,
    isMuted: false,
    rate: 1,
    manner: "pause",
    spoken: null,
  }));
  let video: HTMLVideoElement | null = null;
  let goesOn = false;
  /** Up to here what begins has been taken note of. */
  let noted = beginning;
  /** Remarks whose moment has come while another one was spoken. */
  let waiting: Feedback[] = [];
  const play = () => void video?.play().catch(() => {});

  function begin(remark: Feedback): void {
    const { manner, isPlaying } = store.getState();
    goesOn ||= isPlaying && manner === "pause";
    if (goesOn) video?.pause();
    if (video && manner === "duck") video.volume = ducked;
    store.setState({ spoken: { id: remark.id, segment: 0 } });
  }

  function end(): void {
    const next = waiting.shift();
    if (next) {
      begin(next);
      return;
    }
    if (video) video.volume = 1;
    store.setState({ spoken: null });
    if (goesOn) play();
    goesOn = false;
  }

  /** Nothing is spoken any more, and the video does what it is told next. */
  function hush(): void {
    waiting = [];
    goesOn = false;
    end();
  }

  function pause(): void {
    hush();
    video?.pause();
  }

  return {
    store,
    attach(element) {
      video = element;
      const { rate, isMuted } = store.getState();
      if (video) Object.assign(video, { playbackRate: rate, muted: isMuted });
    },
    toggle() {
      const { spoken, isPlaying } = store.getState();
      if (spoken || isPlaying) pause();
      else play();
    },
    pause,
    seek(seconds) {
      if (!video) return;
      hush();
      video.currentTime = Math.max(0, seconds);
      // What begins here is spoken when it plays.
      noted = video.currentTime - instant;
      store.setState({ seconds: video.currentTime });
    },
    setRate(rate) {
      if (video) video.playbackRate = rate;
      store.setState({ rate });
    },
    toggleMute() {
      const isMuted = !store.getState().isMuted;
      if (video) video.muted = isMuted;
      store.setState({ isMuted });
    },
    setManner: (manner) => store.setState({ manner }),
    speak(remark) {
      pause();
      store.setState({ spoken: { id: remark.id, segment: 0 } });
    },
    segmentEnded(remark) {
      const { spoken } = store.getState();
      if (!spoken || spoken.id !== remark.id) return;
      const segment = spoken.segment + 1;
      if (segment < remark.audioSegments.length) store.setState({ spoken: { ...spoken, segment } });
      else end();
    },
    stopSpeaking: end,
    tick(feedback) {
      if (!video) return;
      const { manner, isPlaying } = store.getState();
      const to = video.currentTime;
      // It was begun anew.
      if (to < noted) noted = to < 0.5 ? beginning : to;
      const from = noted;
      noted = to;
      store.setState({ seconds: to });
      if (!isPlaying || manner === "off") return;
      for (const remark of feedback) {
        const { startSeconds } = remark;
        if (startSeconds > from && startSeconds <= to && isAudible(remark)) waiting.push(remark);
      }
      if (waiting.length > 0 && !store.getState().spoken) end();
    },
  };
}
