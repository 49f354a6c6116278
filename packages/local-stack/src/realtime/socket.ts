import type { IncomingMessage } from "node:http";
import type { RawData, WebSocket } from "ws";
import { Channel, type Connection } from "./channel.ts";
import { decodeFrame, encodePush, type Frame, type Vsn } from "./frames.ts";
import type { Identity } from "./identity.ts";
import type { Services } from "./services.ts";

/** With more than this waiting for a client, changes wait for it a moment. */
const lagBytes = 1024 * 1024;
/** With more than this waiting, the client is given up. */
const maxBufferedBytes = 8 * 1024 * 1024;
/** Clients send a heartbeat every 25 seconds. */
const maxSilenceMs = 60_000;

/** The code of a close that asks to come again later. */
const tryAgainLater = 1013;

/** Serves one WebSocket until it closes: takes its frames to its channels. */
export function serveSocket(
  services: Services,
  socket: WebSocket,
  request: IncomingMessage,
  identity: Identity,
  vsn: Vsn,
): void {
  const channels = new Map<string, Channel>();
  let isOpen = true;

  const connection: Connection = {
    vsn,
    identity,
    headers: JSON.stringify(request.headers),
    send(data) {
      if (!isOpen) return undefined;
      let sent: Promise<void> | undefined;
      if (socket.bufferedAmount <= lagBytes) socket.send(data);
      else sent = new Promise((resolve) => socket.send(data, () => resolve()));
      if (socket.bufferedAmount <= maxBufferedBytes) return sent;
      // The close frame stands behind what is buffered; a client that never reads is cut off later.
      end();
      socket.close(tryAgainLater, "Too slow: more than 8 MiB of messages are waiting");
      services.log("realtime: a socket was closed because it does not read what it is sent");
      return undefined;
    },
    forget(channel) {
      if (channels.get(channel.topic) === channel) channels.delete(channel.topic);
    },
  };

  function end(): void {
    isOpen = false;
    clearTimeout(silence);
    for (const channel of [...channels.values()]) channel.end();
  }

  function receive(frame: Frame): void {
    const { topic, event, ref, joinRef } = frame;
    const reply = (status: string, response: object) =>
      connection.send(
        encodePush(
          {
            joinRef,
            ref,
            topic,
            event: "phx_reply",
            payload: JSON.stringify({ status, response }),
          },
          vsn,
        ),
      );
    if (topic === "phoenix") {
      if (event === "heartbeat") reply("ok", {});
      return;
    }
    const channel = channels.get(topic);
    if (event === "phx_join" && topic.startsWith("realtime:")) {
      // Joining twice replaces the first, as on hosted.
      channel?.close();
      channels.set(topic, new Channel(services, connection, frame));
    } else if (channel !== undefined && (joinRef === null || joinRef === channel.joinRef)) {
      channel.handle(frame);
    } else if (event === "phx_leave") {
      reply("ok", {});
    } else {
      reply("error", { reason: "unmatched topic" });
    }
  }

  const silence = setTimeout(() => socket.terminate(), maxSilenceMs);
  socket.on("message", (data, isBinary) => {
    if (!isOpen) return;
    silence.refresh();
    try {
      receive(decodeFrame(bytesOf(data), isBinary, vsn));
    } catch (error) {
      services.log(`realtime: a frame was not understood: ${String(error)}`);
      end();
      socket.close(1003, "A frame was not understood");
    }
  });
  socket.on("error", (error) => services.log(`realtime: socket: ${error.message}`));
  socket.on("close", end);
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
