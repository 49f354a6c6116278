import { createServer, type Server } from "node:net";
import { StackError, systemCode } from "./stack-error.ts";

type Flag = "--port" | "--db-port";

/**
 * Makes sure that a TCP port on 127.0.0.1 can be had, before anything is started.
 * @param port the port asked for; 0 picks any free one
 * @param flag the command-line option that changes it, for the message
 * @throws StackError `port_in_use`
 */
export async function claimPort(port: number, flag: Flag): Promise<number> {
  const server = createServer();
  const chosen = await listen(server, port, flag);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return chosen;
}

/** @throws StackError `port_in_use` */
export function listen(server: Server, port: number, flag: Flag): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(explained(error, port, flag)));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function explained(error: Error, port: number, flag: Flag): Error {
  const sentences: Record<string, string> = {
    EADDRINUSE: `Port ${port} is already in use. Stop what uses it, or choose another with ${flag}.`,
    EACCES: `Port ${port} may not be used by this account. Choose one above 1023 with ${flag}.`,
  };
  const sentence = sentences[systemCode(error) ?? ""];
  return sentence === undefined ? error : new StackError("port_in_use", sentence, { cause: error });
}
