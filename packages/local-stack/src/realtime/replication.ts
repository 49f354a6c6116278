import { randomBytes } from "node:crypto";
import { EventEmitter } from "node:events";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { LogicalReplicationService, type Pgoutput, PgoutputPlugin } from "pg-logical-replication";

/** A version of a table's definition; the stream sends another object after each change of it. */
export type Relation = Pgoutput.MessageRelation;

/** Values as Postgres prints them. Undefined is a large value that the update did not touch. */
export type Tuple = Record<string, string | null | undefined>;

export interface RowChange {
  type: "INSERT" | "UPDATE" | "DELETE";
  relation: Relation;
  next: Tuple | null;
  /** The replica identity: the key, or the whole row where the table is set so. */
  previous: Tuple | null;
  transaction: { xid: number; lsn: bigint; committedAt: string };
}

export type Replication = ReturnType<typeof followReplication>;

/**
 * Follows publications through a temporary slot, which ends with its connection: nothing is left
 * behind when this process dies, and nothing is caught up on after an interruption either.
 * `onChange` may return a promise to have the stream wait; `onResume` is called when changes flow
 * again after an interruption.
 */
export function followReplication(options: {
  url: string;
  publications: string[];
  onChange(change: RowChange): Promise<void> | undefined;
  onResume(): void;
  log(line: string): void;
}) {
  const { url, publications, onChange, onResume, log } = options;
  let stopped = false;
  let flowing = false;
  let service: LogicalReplicationService | undefined;
  let plugin: TemporarySlot | undefined;
  let ready = Promise.withResolvers<void>();
  let restarting: Promise<void> | undefined;

  async function once(): Promise<void> {
    const stream = new LogicalReplicationService(
      { connectionString: url, application_name: "realtime" },
      { acknowledge: { auto: false, timeoutSeconds: 0 }, flowControl: { enabled: true } },
    );
    service = stream;
    plugin = new TemporarySlot(publications);
    const read = changeReader();
    stream.on("data", (lsn: string, message: Pgoutput.Message) => {
      if (message.tag === "commit") acknowledge(stream, message.commitEndLsn ?? lsn);
      const change = read(message);
      return change === null ? undefined : onChange(change);
    });
    stream.on("heartbeat", (lsn: string) => acknowledge(stream, lsn));
    stream.on("error", (error: Error) => log(`realtime: replication: ${error.message}`));
    stream.on("start", () => {
      flowing = true;
      ready.resolve();
    });
    const slot = `sideline_realtime_${randomBytes(6).toString("hex")}`;
    await Promise.all([stream.subscribe(plugin, slot), hearErrorsOf(stream)]);
  }

  async function run(): Promise<void> {
    for (let failures = 0; !stopped; ) {
      const began = Date.now();
      await once().catch((error: unknown) => {
        if (!stopped) log(`realtime: replication ended: ${String(error)}`);
      });
      if (stopped) return;
      await service?.stop().catch(() => {});
      failures = Date.now() - began > 5_000 ? 0 : failures + 1;
      if (flowing) {
        flowing = false;
        ready = Promise.withResolvers();
        ready.promise.then(onResume, () => {});
      }
      await sleep(Math.min(50 * 2 ** failures, 2_000));
    }
  }

  async function restart(): Promise<void> {
    const before = ready;
    await service?.stop();
    while (ready === before && !stopped) await sleep(5);
    await ready.promise;
  }

  const running = run();
  return {
    /** Resolves once changes flow, also after an interruption. */
    ready: () => ready.promise,
    /** Has the stream begin anew where it was begun without this publication. */
    async follow(publication: string): Promise<void> {
      await ready.promise;
      if (plugin?.followed.includes(publication)) return;
      // One for all who ask: the next would break the stream that the first has just mended.
      restarting ??= restart().finally(() => {
        restarting = undefined;
      });
      await restarting;
    },
    async stop(): Promise<void> {
      stopped = true;
      ready.promise.catch(() => {});
      ready.reject(new Error("Realtime is stopping."));
      await service?.stop().catch(() => {});
      await running;
    },
  };
}

/**
 * The library listens once it is connected. An error that comes with the very answer to that would
 * end the process.
 */
async function hearErrorsOf(stream: LogicalReplicationService): Promise<void> {
  await nextTurn();
  const client: unknown = Reflect.get(stream, "_client");
  if (client instanceof EventEmitter) client.on("error", () => {});
}

/**
 * Tells Postgres that it need not keep anything before `lsn`. The library would say one more than it
 * is given, and a server that wants to stop waits until exactly what it has sent is acknowledged.
 */
function acknowledge(stream: LogicalReplicationService, lsn: string): void {
  const before = parseLsn(lsn) - 1n;
  void stream.acknowledge(
    `${(before >> 32n).toString(16)}/${(before & 0xffff_ffffn).toString(16)}`,
  );
}

/** Makes its slot on the connection that reads it, which is what temporary slots need. */
class TemporarySlot extends PgoutputPlugin {
  followed: string[] = [];

  constructor(publicationNames: string[]) {
    super({ protoVersion: 1, publicationNames });
  }

  override parse(buffer: Buffer): Pgoutput.Message {
    const message: Pgoutput.Message = super.parse(buffer);
    // Values stay text: Postgres itself turns them into JSON.
    if (message.tag === "relation") {
      for (const column of message.columns) column.parser = (value) => value;
    }
    return message;
  }

  override async start(
    client: Parameters<PgoutputPlugin["start"]>[0],
    slot: string,
  ): ReturnType<PgoutputPlugin["start"]> {
    const wanted = this.options.publicationNames.map((name) => `'${name}'`).join(", ");
    // One that is missing would end the stream at the first change.
    const { rows } = await client.query<{ pubname: string }>(
      `select pubname from pg_publication where pubname in (${wanted})`,
    );
    this.followed = rows.map(({ pubname }) => pubname);
    await client.query(
      `CREATE_REPLICATION_SLOT "${slot}" TEMPORARY LOGICAL pgoutput NOEXPORT_SNAPSHOT`,
    );
    return await client.query(
      `START_REPLICATION SLOT "${slot}" LOGICAL 0/0 (proto_version '1', publication_names '${this.followed.join(",")}')`,
    );
  }
}

/** Turns the messages of one stream into changes, each with its transaction. */
function changeReader(): (message: Pgoutput.Message) => RowChange | null {
  let transaction: RowChange["transaction"] = { xid: 0, lsn: 0n, committedAt: "" };
  return (message) => {
    switch (message.tag) {
      case "begin":
        transaction = {
          xid: message.xid >>> 0,
          lsn: parseLsn(message.commitLsn ?? "0/0"),
          committedAt: new Date(Number(message.commitTime.valueOf() / 1000n)).toISOString(),
        };
        return null;
      case "insert": {
        const { relation, new: next } = message;
        return { type: "INSERT", relation, next, previous: null, transaction };
      }
      case "update": {
        const { relation, new: next } = message;
        const previous = message.old ?? message.key ?? keyOf(relation, next);
        return { type: "UPDATE", relation, next, previous, transaction };
      }
      case "delete": {
        const { relation, old, key } = message;
        return { type: "DELETE", relation, next: null, previous: old ?? key, transaction };
      }
      default:
        return null;
    }
  };
}

/** The stream leaves the old key out where it has not changed. */
function keyOf({ keyColumns }: Relation, next: Tuple): Tuple {
  return Object.fromEntries(keyColumns.map((name) => [name, next[name]]));
}

/** `0/159AB30` as a number that can be compared. */
export function parseLsn(lsn: string): bigint {
  const [high = "0", low = "0"] = lsn.split("/");
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}
