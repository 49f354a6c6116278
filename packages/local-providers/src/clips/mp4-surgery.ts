// Changes to MP4 files that ffmpeg does not make. The index must come last, so that nothing else moves.

/** An entry of an edit list; seconds. `mediaTime` -1: nothing is shown. */
export interface WantedEdit {
  duration: number;
  mediaTime: number;
  rate?: number;
}

interface Box {
  type: string;
  start: number;
  contentStart: number;
  end: number;
}

/** The file with its first track's edit list replaced, and the durations that follow from it. */
export function withEdits(file: Buffer, edits: readonly WantedEdit[]): Buffer {
  const moov = find(boxes(file, 0, file.length), "moov");
  const inMovie = boxes(file, moov.contentStart, moov.end);
  const movieHeader = find(inMovie, "mvhd");
  const track = find(inMovie, "trak");
  const inTrack = boxes(file, track.contentStart, track.end);
  const trackHeader = find(inTrack, "tkhd");
  const media = find(inTrack, "mdia");
  const mediaHeader = find(boxes(file, media.contentStart, media.end), "mdhd");
  const movieScale = file.readUInt32BE(movieHeader.contentStart + 12);
  const mediaScale = file.readUInt32BE(mediaHeader.contentStart + 12);

  const changed = Buffer.from(file);
  const total = edits.reduce((sum, { duration }) => sum + duration, 0);
  changed.writeUInt32BE(Math.round(total * movieScale), movieHeader.contentStart + 16);
  changed.writeUInt32BE(Math.round(total * movieScale), trackHeader.contentStart + 20);
  const list = box("edts", box("elst", entries(edits, movieScale, mediaScale)));
  const kept = inTrack
    .filter(({ type }) => type !== "edts")
    .map(({ start, end }) => changed.subarray(start, end));
  const newTrack = box("trak", Buffer.concat([kept[0] ?? list, list, ...kept.slice(1)]));
  const others = inMovie.map((child) =>
    child === track ? newTrack : changed.subarray(child.start, child.end),
  );
  const newMovie = box("moov", Buffer.concat(others));
  return Buffer.concat([changed.subarray(0, moov.start), newMovie, changed.subarray(moov.end)]);
}

function entries(edits: readonly WantedEdit[], movieScale: number, mediaScale: number): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(edits.length, 4);
  const rows = edits.map(({ duration, mediaTime, rate = 1 }) => {
    const row = Buffer.alloc(12);
    row.writeUInt32BE(Math.round(duration * movieScale), 0);
    row.writeInt32BE(mediaTime < 0 ? -1 : Math.round(mediaTime * mediaScale), 4);
    row.writeInt32BE(Math.round(rate * 65_536), 8);
    return row;
  });
  return Buffer.concat([head, ...rows]);
}

export function box(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.length, 0);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, content]);
}

function boxes(file: Buffer, from: number, to: number): Box[] {
  const found: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString("latin1", at + 4, at + 8);
    const wide = length === 1 ? Number(file.readBigUInt64BE(at + 8)) : length;
    const end = length === 0 ? to : at + wide;
    found.push({ type, start: at, contentStart: at + (length === 1 ? 16 : 8), end });
    at = end;
  }
  return found;
}

function find(among: readonly Box[], type: string): Box {
  const found = among.find((one) => one.type === type);
  if (found === undefined) throw new Error(`the file has no ${type} box`);
  return found;
}
