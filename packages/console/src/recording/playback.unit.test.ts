import type { Feedback } from "@sideline/client";
import { expect, test } from "vitest";
import { createPlayback } from "./playback.ts";

/** As much of a video as a player steers. */
function clip() {
  const video = {
    currentTime: 0,
    paused: true,
    volume: 1,
    muted: false,
    playbackRate: 1,
    play() {
      video.paused = false;
      playback.store.setState({ isPlaying: true });
      return Promise.resolve();
    },
    pause() {
      video.paused = true;
      playback.store.setState({ isPlaying: false });
    },
  };
  const playback = createPlayback();
  // The rest of an element is not touched.
  playback.attach(video as unknown as HTMLVideoElement);
  return { video, playback };
}

function remark(id: number, startSeconds: number): Feedback {
  return { id, startSeconds, audio: { status: "completed" }, audioSegments: [{}] } as Feedback;
}

function playThrough({ video, playback }: ReturnType<typeof clip>, feedback: Feedback[]): number[] {
  const spoken: number[] = [];
  for (let frames = 0; frames < 400; frames += 1) {
    const now = playback.store.getState().spoken;
    const current = feedback.find(({ id }) => id === now?.id);
    // In the manner of ducking a remark lasts two seconds of the video.
    if (current && (video.paused || video.currentTime > current.startSeconds + 2)) {
      spoken.push(current.id);
      playback.segmentEnded(current);
    }
    if (!video.paused) video.currentTime += 0.05;
    playback.tick(feedback);
  }
  return spoken;
}

test.each(["pause", "duck"] as const)("each remark is spoken once (%s)", (manner) => {
  const feedback = [remark(1, 0), remark(2, 0), remark(3, 4), remark(4, 4.5), remark(5, 5)];
  const player = clip();
  player.playback.setManner(manner);
  player.playback.toggle();

  expect(playThrough(player, feedback)).toEqual([1, 2, 3, 4, 5]);
  expect(player.video).toMatchObject({ paused: false, volume: 1 });
});

test("what begins where one has gone is spoken, and what lies before is not", () => {
  const feedback = [remark(1, 0), remark(2, 4), remark(3, 6)];
  const player = clip();
  player.playback.seek(4);
  player.playback.toggle();

  expect(playThrough(player, feedback)).toEqual([2, 3]);
});

test("a pause silences the remark, and the video stays where it is", () => {
  const { video, playback } = clip();
  playback.toggle();
  playback.tick([remark(1, 0), remark(2, 0)]);
  expect(playback.store.getState().spoken?.id).toBe(1);

  playback.toggle();

  expect(playback.store.getState()).toMatchObject({ spoken: null, isPlaying: false });
  expect(video.paused).toBe(true);
});
