import "reflect-metadata";
import type { AddressInfo } from "node:net";
import * as x509 from "@peculiar/x509";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { onTestFinished } from "vitest";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const validity = { notBefore: new Date("2020-01-01"), notAfter: new Date("2120-01-01") };

export interface TestCertificates {
  /** Of the authority, which a client has to be told to trust. */
  ca: string;
  /** Of `localhost`. */
  cert: string;
  key: string;
}

/** Tests only: an authority, and what it vouches for. */
export async function makeCertificates(): Promise<TestCertificates> {
  const authority = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: "CN=Tests",
    keys: authority,
    signingAlgorithm: algorithm,
    extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
  });
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const cert = await x509.X509CertificateGenerator.create({
    ...validity,
    subject: "CN=localhost",
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: authority.privateKey,
    signingAlgorithm: algorithm,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: "localhost" }])],
  });
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return {
    ca: ca.toString("pem"),
    cert: cert.toString("pem"),
    key: x509.PemConverter.encode(key, "PRIVATE KEY"),
  };
}

export interface ReceivedMail {
  to: string[];
  user: string | undefined;
  secure: boolean;
  /** As it came, headers and all. */
  raw: string;
}

/** Tests only: a real SMTP server on loopback that ends with the test. */
export async function serveSmtp(
  options: SMTPServerOptions,
): Promise<{ port: number; received: ReceivedMail[] }> {
  const received: ReceivedMail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    closeTimeout: 100,
    onAuth({ username, password }, _session, done) {
      if (password === "right") return done(null, { user: username });
      done(Object.assign(new Error("no"), { responseCode: 535 }));
    },
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on("data", (piece: Buffer) => pieces.push(piece));
      stream.on("end", () => {
        received.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          user: typeof session.user === "string" ? session.user : undefined,
          secure: session.secure,
          raw: Buffer.concat(pieces).toString(),
        });
        done();
      });
    },
    ...options,
  });
  server.on("error", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(resolve)));
  return { port: (server.server.address() as AddressInfo).port, received };
}
