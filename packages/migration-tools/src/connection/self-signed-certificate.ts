import "reflect-metadata";
import * as x509 from "@peculiar/x509";

/** A certificate and its key, as PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

/**
 * Makes a certificate that signs itself, for tests of TLS.
 * @param options.ip the address it is made out for
 * @param options.until its last day; its first is in 2020
 */
export async function selfSignedCertificate(options: {
  ip: string;
  until: Date;
}): Promise<Certificate> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    name: "CN=sideline test",
    notBefore: new Date("2020-01-01"),
    notAfter: options.until,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(true),
      new x509.SubjectAlternativeNameExtension([{ type: "ip", value: options.ip }]),
    ],
  });
  const key = await crypto.subtle.exportKey("pkcs8", keys.privateKey);
  return { cert: cert.toString("pem"), key: x509.PemConverter.encode(key, "PRIVATE KEY") };
}
