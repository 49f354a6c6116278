import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } from "mediabunny";
import { describe, expect, it } from "vitest";
import { clip } from "../../test-clips.ts";
import { quantiserIndex, vp9Effort } from "./vp9.ts";

async function packetsOf(file: string): Promise<Uint8Array[]> {
  using input = new Input({ source: new FilePathSource(clip(file)), formats: ALL_FORMATS });
  const track = await input.getPrimaryVideoTrack();
  if (track === null) throw new Error(`${file} has no video`);
  const packets: Uint8Array[] = [];
  for await (const { data } of new EncodedPacketSink(track).packets()) packets.push(data);
  return packets;
}

describe("quantiser of a VP9 frame", () => {
  it("is what ffmpeg's trace of the same packets shows", async () => {
    const packets = await packetsOf("vp9-realtime.webm");

    const indices = packets.slice(0, 8).map((packet) => quantiserIndex(packet));

    expect(indices).toEqual([54, 108, 183, 136, 110, 104, 98, 91]);
  });

  it("is unknown for what is no VP9 frame", () => {
    expect(quantiserIndex(new Uint8Array([0, 1, 2, 3]))).toBeNull();
    expect(quantiserIndex(new Uint8Array())).toBeNull();
  });
});

describe("effort", () => {
  it("counts every frame of a superframe, hidden ones too", async () => {
    const [first = new Uint8Array(), second = new Uint8Array()] =
      await packetsOf("vp9-realtime.webm");
    // Two frames, sizes in two bytes each, lowest byte first.
    const marker = 0b110_01_001;
    const sizes = [first, second].flatMap(({ length }) => [length & 0xff, length >> 8]);

    const both = vp9Effort(Uint8Array.from([...first, ...second, marker, ...sizes, marker]));

    expect(both).toBeCloseTo(vp9Effort(first) + vp9Effort(second), 6);
  });

  it("is the packet's bytes when its header cannot be followed", () => {
    expect(vp9Effort(new Uint8Array(50))).toBe(50);
  });
});
