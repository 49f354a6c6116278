/** Mail by SMTP, sent as functions run: by Deno, to a real server, over real TLS. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { findDeno } from "@sideline/local-stack";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import {
  makeCertificates,
  serveSmtp,
  type TestCertificates,
} from "../_shared/testing/smtp-server.ts";

const mail = {
  to: "owner@example.com",
  subject: "Your feedback on a.mp4 is ready",
  text: "Five remarks.\n.\nEnd\n",
  key: "sideline-message-7",
};

let certificates: TestCertificates;
let directory: string;
let trusting: ReturnType<typeof startSender>;
let doubting: typeof trusting;

beforeAll(async () => {
  certificates = await makeCertificates();
  directory = await mkdtemp(path.join(tmpdir(), "sideline-smtp-"));
  await writeFile(path.join(directory, "ca.pem"), certificates.ca);
  await writeFile(path.join(directory, "sender.ts"), program);
  trusting = startSender(true);
  doubting = startSender(false);
});
afterAll(async () => {
  trusting.end();
  doubting.end();
  await rm(directory, { recursive: true });
});

/** Sends what it reads, a line each, and says what became of it. */
const program = `
  import { createInterface } from "node:readline";
  import process from "node:process";
  import { sendBySmtp } from "${new URL("./smtp.ts", import.meta.url).href}";
  for await (const line of createInterface({ input: process.stdin })) {
    const { settings, mail, patience } = JSON.parse(line);
    const signal = new AbortController().signal;
    console.log(await sendBySmtp(settings, mail, { signal, patience }).then(
      () => "sent", ({ code, fate, detail }) => [code, fate, detail].join(", ")));
  }`;

function startSender(trusts: boolean) {
  const child = spawn(
    findDeno(),
    [
      ...["run", "--quiet", "--no-prompt", "--no-lock", "--node-modules-dir=manual"],
      "--config=supabase/functions/notifyWorker/deno.json",
      ...(trusts ? [`--cert=${path.join(directory, "ca.pem")}`] : []),
      ...["--allow-net", "--allow-env", "--allow-read=supabase,packages,node_modules"],
      path.join(directory, "sender.ts"),
    ],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const outcomes = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async send(work: object): Promise<string> {
      child.stdin.write(`${JSON.stringify(work)}\n`);
      const { value, done } = await outcomes.next();
      if (done) throw new Error("Deno has ended.");
      return value;
    },
    end: () => child.kill(),
  };
}

/** What became of a mail: "sent", or the code and fate, with what the log says. */
async function send(
  settings: { url: string; key?: string; from?: string },
  { trusts = true, patience, ...changes }: Partial<typeof mail> & Sending = {},
): Promise<string> {
  const sender = trusts ? trusting : doubting;
  return await sender.send({
    settings: { provider: "smtp", key: "", from: "Sideline <us@sideline.test>", ...settings },
    mail: { ...mail, ...changes },
    patience,
  });
}

interface Sending {
  trusts?: boolean;
  patience?: number;
}

describe("mail by SMTP", () => {
  test.each([
    ["smtps", true],
    ["smtp", false],
  ])("%s: signs in over TLS, and sends", async (protocol, secure) => {
    const { port, received } = await serveSmtp({ secure, ...certificates });

    const outcome = await send({ url: `${protocol}://us%40x@localhost:${port}`, key: "right" });

    expect(outcome).toBe("sent");
    expect(received).toEqual([
      expect.objectContaining({ to: [mail.to], user: "us@x", secure: true }),
    ]);
    const raw = received[0]?.raw ?? "";
    expect(raw).toMatch(/^Message-ID: <sideline-message-7@sideline\.test>\r$/m);
    expect(raw).toMatch(/\r\n\r\nFive remarks\.\r\n\.\r\nEnd\r\n/);
  });

  test("no password goes where TLS is not to be had, or not to be trusted", async () => {
    const { port, received } = await serveSmtp({ disabledCommands: ["STARTTLS"] });
    const url = `smtp://us@localhost:${port}`;
    expect(await send({ url, key: "right" })).toMatch(/^message_not_configured, retry, .*STARTTLS/);

    const other = await serveSmtp({ ...certificates });
    const stranger = { url: `smtp://us@localhost:${other.port}`, key: "right" };
    expect(await send(stranger, { trusts: false })).toMatch(/^provider_unavailable, .*certificate/);

    expect(received.concat(other.received)).toEqual([]);
    expect(await send({ url: `smtp://localhost:${port}` })).toBe("sent");
  });

  test("user's text adds no header and no recipient", async () => {
    const { port, received } = await serveSmtp({ disabledCommands: ["STARTTLS"] });
    const subject = "a\r\nBcc: them@example.com\r\n\r\nHello".padEnd(200, "ü");

    expect(await send({ url: `smtp://localhost:${port}` }, { subject })).toBe("sent");
    expect(await send({ url: `smtp://localhost:${port}` }, { to: "x:a@b.test;" })).not.toBe("sent");

    const [{ to = [], raw = "" } = {}, ...others] = received;
    expect(to).toEqual([mail.to]);
    expect(raw.slice(0, raw.indexOf("\r\n\r\n"))).not.toMatch(/^(bcc|hello)/im);
    expect(others).toEqual([]);
  });

  test.each([
    ["the recipient is unknown", "onRcptTo", 550, "message_refused, fail, status 550 to RCPT TO"],
    ["the recipient is greylisted", "onRcptTo", 451, "provider_unavailable, retry, status 451"],
    ["the sender is not ours", "onMailFrom", 553, "message_not_configured, retry, status 553"],
    ["the mail is taken for spam", "onData", 554, "message_refused, fail, status 554 to DATA"],
    ["the server is full", "onConnect", 421, "provider_unavailable, retry, "],
  ] as const)("%s", async (_, step, responseCode, outcome) => {
    const refuse = (...given: unknown[]) => {
      const [first] = given;
      if (step === "onData") (first as NodeJS.ReadableStream).resume();
      const done = given.at(-1) as (error: Error) => void;
      done(Object.assign(new Error("owner@example.com is bad"), { responseCode }));
    };
    const { port } = await serveSmtp({ disabledCommands: ["STARTTLS"], [step]: refuse });

    const said = await send({ url: `smtp://localhost:${port}` });

    expect(said).toContain(outcome);
    expect(said).not.toContain("owner@");
  });

  test("a password that is refused waits for the operator", async () => {
    const { port } = await serveSmtp({ secure: true, ...certificates });

    const said = await send({ url: `smtps://us@localhost:${port}`, key: "wrong-one" });

    expect(said).toMatch(/^message_not_configured, retry, status 535/);
    expect(said).not.toContain("wrong-one");
  });

  test("who is not there, or says nothing to the end, is tried again", async () => {
    const drips = createServer((socket) => {
      socket.on("error", () => {});
      const timer = setInterval(() => socket.write("220-wait\r\n"), 50);
      socket.on("close", () => clearInterval(timer));
    });
    await new Promise<void>((resolve) => drips.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void drips.close());
    const address = drips.address();
    const port = typeof address === "object" ? address?.port : 0;
    const url = `smtp://localhost:${port}`;

    expect(await send({ url }, { patience: 500 })).toMatch(/^provider_unavailable, retry/);
    expect(await send({ url: "smtp://localhost:1" })).toMatch(/^provider_unavailable, retry/);
  });
});
