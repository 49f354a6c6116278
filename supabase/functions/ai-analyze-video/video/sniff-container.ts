import type { VideoContainer } from "@sideline/contracts";

/**
 * What a file is by its first bytes: one of the containers that are read here, another kind of video,
 * or no video at all.
 */
export type Container = VideoContainer | "matroska" | "other video" | "none";

/** Boxes that a QuickTime file of old may begin with. */
const oldQuickTime = new Set(["moov", "mdat", "wide", "free", "skip", "pnot"]);

/** Four kilobytes are enough. */
export function sniffContainer(head: Uint8Array): Container {
  const text = (at: number, length: number): string =>
    String.fromCharCode(...head.subarray(at, at + length));
  const starts = (...bytes: number[]): boolean => bytes.every((byte, at) => head[at] === byte);

  if (text(4, 4) === "ftyp") return ofBrand(text(8, 4));
  if (oldQuickTime.has(text(4, 4))) return "quicktime";
  if (starts(0x1a, 0x45, 0xdf, 0xa3)) return ofDocType(text(0, 4096));
  const isOther =
    (text(0, 4) === "RIFF" && text(8, 4) === "AVI ") ||
    text(0, 3) === "FLV" ||
    text(0, 4) === "OggS" ||
    // ASF (WMV), MPEG program and elementary streams
    starts(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11) ||
    starts(0x00, 0x00, 0x01, 0xba) ||
    starts(0x00, 0x00, 0x01, 0xb3) ||
    isTransportStream(head);
  return isOther ? "other video" : "none";
}

function ofBrand(brand: string): Container {
  if (brand === "qt  ") return "quicktime";
  return brand.startsWith("3g") ? "3gpp" : "mp4";
}

function ofDocType(head: string): Container {
  const docType = /\x42\x82[\x80-\xff]([a-z]+)/.exec(head)?.[1];
  return docType === "webm" ? "webm" : "matroska";
}

/** A sync byte every 188 bytes, or every 192 where a time stands before each packet. */
function isTransportStream(head: Uint8Array): boolean {
  return [
    [0, 188],
    [4, 192],
  ].some(([first = 0, step = 188]) =>
    [0, 1, 2, 3, 4].every((packet) => head[first + packet * step] === 0x47),
  );
}
