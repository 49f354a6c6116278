import { createServer } from "node:net";
import { StackError, systemCode } from "./stack-error.ts";

/**
 * Makes sure that a TCP port on 127.0.0.1 can be had, before anything is started.
 * @param port the port asked for; 0 picks any free one
 * @param flag the command-line option that changes it, for the message
 * @throws StackError `port_in_use`
 */
export async function claimPort(port: number, flag: "--port" | "--db-port"): Promise<number> {
  try {
    return await listenBriefly(port);
  } catch (error) {
    const code = systemCode(error);
    if (code === "EADDRINUSE") {
      throw new StackError(
        "port_in_use",
        `Port ${port} is already in use. Stop what uses it, or choose another with ${flag}.`,
        { cause: error },
      );
    }
    if (code === "EACCES") {
      throw new StackError(
        "port_in_use",
        `Port ${port} may not be used by this account. Choose one above 1023 with ${flag}.`,
        { cause: error },
      );
    }
    throw error;
  }
}

function listenBriefly(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      const chosen = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(chosen));
    });
  });
}
