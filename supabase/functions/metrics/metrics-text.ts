import { z } from "zod";

/** A row of `pipeline.latest_metrics`. */
export const sampleSchema = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  labels: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), z.coerce.string()),
  value: z.number(),
});
export type Sample = z.infer<typeof sampleSchema>;

/** Prometheus' text format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function metricsText(samples: readonly Sample[]): string {
  const byName = Map.groupBy(samples, ({ name }) => name);
  return [...byName]
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, all]) => {
      const lines = all.map(
        ({ labels, value }) => `sideline_${name}${labelsOf(labels)} ${value}\n`,
      );
      return `# TYPE sideline_${name} gauge\n${lines.join("")}`;
    })
    .join("");
}

function labelsOf(labels: Sample["labels"]): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
