/** The version of the wire format that a client asks for with `?vsn=`. */
export type Vsn = "1.0.0" | "2.0.0";

/** What a client sends. `broadcast` is set for the binary frames of 2.0.0. */
export interface Frame {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: unknown;
  broadcast?: UserBroadcast;
}

/** A message between users whose body the server passes on unread. */
export interface UserBroadcast {
  event: string;
  encoding: "json" | "binary";
  body: Buffer;
  meta?: Record<string, unknown>;
}

/** What the server sends; the payload is JSON already. */
interface Push {
  joinRef: string | null;
  ref: string | null;
  topic: string;
  event: string;
  payload: string;
}

const kindOfUserBroadcastPush = 3;
const kindOfUserBroadcast = 4;

/** @throws Error where the bytes are no frame of this version */
export function decodeFrame(data: Buffer, isBinary: boolean, vsn: Vsn): Frame {
  if (isBinary) return decodeUserBroadcast(data);
  const message: unknown = JSON.parse(data.toString("utf8"));
  if (vsn === "2.0.0") {
    if (!Array.isArray(message)) throw new Error("A frame of version 2.0.0 is an array.");
    const [joinRef, ref, topic, event, payload] = message;
    return frame(joinRef, ref, topic, event, payload);
  }
  if (typeof message !== "object" || message === null) throw new Error("A frame is an object.");
  const parts: Record<string, unknown> = { ...message };
  return frame(parts.join_ref, parts.ref, parts.topic, parts.event, parts.payload);
}

export function encodePush({ joinRef, ref, topic, event, payload }: Push, vsn: Vsn): string {
  if (vsn === "2.0.0") {
    return `[${[joinRef, ref, topic, event].map((part) => JSON.stringify(part)).join(",")},${payload}]`;
  }
  const head = JSON.stringify({ topic, event, ref, join_ref: joinRef });
  return `${head.slice(0, -1)},"payload":${payload}}`;
}

/** Null where the version cannot say it: 1.0.0 has no binary bodies. */
export function encodeUserBroadcast(
  topic: string,
  { event, encoding, body, meta }: UserBroadcast,
  vsn: Vsn,
): Buffer | string | null {
  const heads = [topic, event, meta === undefined ? "" : JSON.stringify(meta)].map((text) =>
    Buffer.from(text),
  );
  if (vsn === "2.0.0" && heads.every(({ length }) => length < 256)) {
    const lengths = heads.map(({ length }) => length);
    const kind = Buffer.from([kindOfUserBroadcast, ...lengths, encoding === "json" ? 1 : 0]);
    return Buffer.concat([kind, ...heads, body]);
  }
  if (encoding === "binary") return null;
  const head = JSON.stringify({ type: "broadcast", event, meta });
  const payload = `${head.slice(0, -1)},"payload":${body.toString("utf8")}}`;
  return encodePush({ joinRef: null, ref: null, topic, event: "broadcast", payload }, vsn);
}

/** Layout: kind, five lengths, encoding, then join ref, ref, topic, event, metadata and the body. */
function decodeUserBroadcast(data: Buffer): Frame {
  if (data[0] !== kindOfUserBroadcastPush || data.length < 7) {
    throw new Error("An unknown kind of binary frame.");
  }
  let offset = 7;
  const [joinRef, ref, topic, event, meta] = [1, 2, 3, 4, 5].map((index) => {
    const end = offset + (data[index] ?? 0);
    const part = data.toString("utf8", offset, end);
    offset = end;
    return part;
  });
  const body = data.subarray(offset);
  const encoding = data[6] === 1 ? "json" : "binary";
  if (encoding === "json") JSON.parse(body.toString("utf8"));
  return {
    ...frame(joinRef, ref, topic, "broadcast", meta ? JSON.parse(meta) : {}),
    broadcast: { event: event ?? "", encoding, body },
  };
}

function frame(
  joinRef: unknown,
  ref: unknown,
  topic: unknown,
  event: unknown,
  payload: unknown,
): Frame {
  if (typeof topic !== "string" || typeof event !== "string") {
    throw new Error("A frame names its topic and its event.");
  }
  const reference = (value: unknown) =>
    value === null || value === undefined || value === "" ? null : String(value);
  return { joinRef: reference(joinRef), ref: reference(ref), topic, event, payload };
}
