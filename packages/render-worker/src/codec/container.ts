import type { RenderFormat } from "@sideline/contracts";
import * as av from "node-av";
import { must } from "./scaler.ts";

/** A file that is written as it goes; held of it is its index, some 70 bytes a packet. */
export interface Container {
  /** A track of what this encoder, which is open, gives out. */
  add(encoder: av.CodecContext): Track;
  /** When all tracks are added. */
  begin(): Promise<void>;
  finish(): Promise<void>;
}

export interface Track {
  /** Takes the packet's content, whose times are in the encoder's own base. */
  write(packet: av.Packet): Promise<void>;
}

export function openContainer(file: string, format: RenderFormat): Container {
  const container = new av.FormatContext();
  must(container.allocOutputContext2(null, format, file), "open the file");
  return {
    add(encoder) {
      const stream = container.newStream();
      must(stream.codecpar.fromContext(encoder), "add a track");
      stream.timeBase = encoder.timeBase;
      return {
        async write(packet) {
          packet.streamIndex = stream.index;
          packet.rescaleTs(encoder.timeBase, stream.timeBase);
          must(await container.interleavedWriteFrame(packet), "write");
        },
      };
    },
    async begin() {
      must(await container.openOutput(), "open the file");
      // A player begins before it has all of the file: what it must know first stands first.
      using options = av.Dictionary.fromObject(format === "mp4" ? { movflags: "faststart" } : {});
      must(await container.writeHeader(options), "begin the file");
    },
    async finish() {
      must(await container.writeTrailer(), "finish the file");
      await container.closeOutput();
      container.freeContext();
    },
  };
}
