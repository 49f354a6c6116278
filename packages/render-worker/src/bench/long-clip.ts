import {
  ALL_FORMATS,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathSource,
  FilePathTarget,
  Input,
  Mp4OutputFormat,
  Output,
} from "mediabunny";
import { makeClip } from "../testing/clips.ts";

/** 720p at 30 pictures a second, with something that moves everywhere. */
export function makeBenchClip(file: string, seconds: number): Promise<string> {
  return makeClip({
    file,
    width: 1280,
    height: 720,
    fps: 30,
    frames: seconds * 30,
    tone: 300,
    draw(context, { width, height }, frame) {
      for (let ball = 0; ball < 40; ball++) {
        const turn = (frame * (1 + (ball % 5))) / 40 + ball;
        context.fillStyle = `hsl(${ball * 9} 70% 50%)`;
        context.beginPath();
        context.arc(
          width * (0.5 + 0.45 * Math.sin(turn)),
          height * (0.5 + 0.4 * Math.cos(turn * 1.3)),
          20 + ball,
          0,
          2 * Math.PI,
        );
        context.fill();
      }
    },
  });
}

/** The same packets again and again: a long clip in a moment. */
export async function repeatClip(short: string, file: string, times: number): Promise<string> {
  using input = new Input({ formats: ALL_FORMATS, source: new FilePathSource(short) });
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  if (!video || !audio) throw new Error("The short clip lacks a track.");
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: false }),
    target: new FilePathTarget(file),
  });
  const pictures = new EncodedVideoPacketSource("avc");
  const sound = new EncodedAudioPacketSource("aac");
  output.addVideoTrack(pictures);
  output.addAudioTrack(sound);
  await output.start();
  const length = await video.computeDuration();
  const pictureConfig = { decoderConfig: (await video.getDecoderConfig()) ?? undefined };
  const soundConfig = { decoderConfig: (await audio.getDecoderConfig()) ?? undefined };
  for (let time = 0; time < times; time++) {
    const start = time * length;
    for await (const packet of new EncodedPacketSink(video).packets()) {
      await pictures.add(packet.clone({ timestamp: packet.timestamp + start }), pictureConfig);
    }
    for await (const packet of new EncodedPacketSink(audio).packets()) {
      // The last piece of sound reaches into the next round.
      if (packet.timestamp + packet.duration > length) break;
      await sound.add(packet.clone({ timestamp: packet.timestamp + start }), soundConfig);
    }
  }
  pictures.close();
  sound.close();
  await output.finalize();
  return file;
}
