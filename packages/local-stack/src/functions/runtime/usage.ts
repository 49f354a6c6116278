/** What one call took of the machine, its background tasks included. */
export interface CallUsage {
  method: string;
  path: string;
  status: number;
  /** Of the whole process, its compiler and collector included: at least what hosted counts. */
  cpuMs: number;
  /** That the process had used before its first call. */
  bootCpuMs: number;
  /** Until its last background task was done. */
  wallMs: number;
  /** The most that lay in V8's heap and in buffers while it ran, as hosted counts memory. */
  memoryMb: number;
  /** The same of the process: the runtime's own program and what it keeps at hand count as well. */
  rssMb: number;
}

/** The process, as it is measured. */
interface Gauge {
  /** CPU time since the process began. */
  cpuMs(): number;
  memory(): { heapUsed: number; external: number; rss: number };
  now(): number;
}

export type MeteredCall = ReturnType<ReturnType<typeof createMeter>["begin"]>;

interface OpenCall extends Omit<CallUsage, "wallMs" | "bootCpuMs"> {
  began: number;
  /** What it waits for: the answer, and background tasks. */
  pending: number;
}

/**
 * Counts what calls use. Calls that run side by side share one process, so CPU time is parted
 * evenly among those that are open.
 */
export function createMeter(gauge: Gauge, onEnd: (usage: CallUsage) => void) {
  const open = new Set<OpenCall>();
  let bootCpuMs: number | undefined;
  let counted = 0;

  /** Notes the memory that is used now; to be called often. */
  function sample(): void {
    const cpu = gauge.cpuMs();
    const share = (cpu - counted) / Math.max(1, open.size);
    counted = cpu;
    if (open.size === 0) return;
    const { heapUsed, external, rss } = gauge.memory();
    for (const call of open) {
      call.cpuMs += share;
      call.memoryMb = Math.max(call.memoryMb, megabytes(heapUsed + external));
      call.rssMb = Math.max(call.rssMb, megabytes(rss));
    }
  }

  function settle(call: OpenCall): void {
    call.pending -= 1;
    if (call.pending > 0 || !open.has(call)) return;
    sample();
    open.delete(call);
    const { began, pending: _, ...usage } = call;
    onEnd({
      ...usage,
      cpuMs: Math.round(call.cpuMs),
      bootCpuMs: Math.round(bootCpuMs ?? 0),
      wallMs: Math.round(gauge.now() - began),
    });
  }

  return {
    sample,
    begin(method: string, path: string) {
      sample();
      bootCpuMs ??= counted;
      const call: OpenCall = {
        ...{ method, path, status: 0, cpuMs: 0, memoryMb: 0, rssMb: 0 },
        began: gauge.now(),
        pending: 1,
      };
      open.add(call);
      return {
        /** Keeps the call open until this is done as well. */
        includes(task: Promise<unknown>): void {
          call.pending += 1;
          void task.finally(() => settle(call));
        },
        /** The answer is there. */
        answered(status: number): void {
          call.status = status;
          settle(call);
        },
      };
    },
  };
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
