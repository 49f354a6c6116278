import { Socket } from "node:net";

/** How far a connection got, seen at its socket. */
export interface Contact {
  socket: Socket;
  /** Somebody accepted the connection. */
  isAccepted: boolean;
  /** The first byte that came back, or null where none did. */
  firstByte: number | null;
}

/** A socket for the Postgres client, watched from its beginning. */
export function watchedSocket(): Contact {
  const socket = new Socket();
  const contact: Contact = { socket, isAccepted: false, firstByte: null };
  socket.once("connect", () => {
    contact.isAccepted = true;
  });
  socket.once("data", (chunk) => {
    contact.firstByte = chunk[0] ?? null;
  });
  return contact;
}

/**
 * Whether it answers as Postgres does: authentication, error or notice to a start-up message, S or N
 * to a request for TLS.
 */
export function speaksPostgres({ firstByte }: Contact): boolean {
  return firstByte === null || "RENSv".includes(String.fromCharCode(firstByte));
}
