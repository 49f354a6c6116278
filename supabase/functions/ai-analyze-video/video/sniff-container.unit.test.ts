import { expect, test } from "vitest";
import { sniffContainer } from "./sniff-container.ts";

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === "string" ? [...part].map((letter) => letter.charCodeAt(0)) : part,
    ),
  );
const packets = (lead: number, step: number): Uint8Array => {
  const stream = new Uint8Array(lead + step * 6);
  for (let at = lead; at < stream.length; at += step) stream[at] = 0x47;
  return stream;
};
const ebml = [0x1a, 0x45, 0xdf, 0xa3, 0x93, 0x42, 0x82];

test.each([
  ["MP4", bytes([0, 0, 0, 24], "ftypisom"), "mp4"],
  ["MP4 of a phone", bytes([0, 0, 0, 24], "ftypmp42"), "mp4"],
  ["QuickTime", bytes([0, 0, 0, 20], "ftypqt  "), "quicktime"],
  ["QuickTime of old", bytes([0, 0, 0, 8], "wide"), "quicktime"],
  ["3GP", bytes([0, 0, 0, 20], "ftyp3gp5"), "3gpp"],
  ["3G2", bytes([0, 0, 0, 20], "ftyp3g2a"), "3gpp"],
  ["WebM", bytes(ebml, [0x84], "webm"), "webm"],
  ["Matroska", bytes(ebml, [0x88], "matroska"), "matroska"],
  ["AVI", bytes("RIFF", [1, 2, 3, 4], "AVI LIST"), "other video"],
  ["FLV", bytes("FLV", [1]), "other video"],
  ["Ogg", bytes("OggS"), "other video"],
  ["WMV", bytes([0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11]), "other video"],
  ["MPEG program stream", bytes([0, 0, 1, 0xba]), "other video"],
  ["MPEG transport stream", packets(0, 188), "other video"],
  ["the same of a camcorder", packets(4, 192), "other video"],
  ["WAV", bytes("RIFF", [1, 2, 3, 4], "WAVEfmt "), "none"],
  ["text", bytes("This is no video, whatever its name."), "none"],
  ["a picture", bytes([0x89], "PNG"), "none"],
  ["nothing", new Uint8Array(), "none"],
])("%s", (_what, head, container) => {
  expect(sniffContainer(head)).toBe(container);
});
