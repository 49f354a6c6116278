import type { Job } from "@sideline/client";
import { useWords } from "../words/use-words.ts";

export function Metrics({ job }: { job: Job }) {
  const words = useWords();
  if (job.metrics.length === 0) return null;
  return (
    <details className="border-t border-line pt-3">
      <summary className="w-fit rounded-part py-1 text-sm font-medium text-soft hover:text-ink">
        {words.measured}
      </summary>
      <dl className="flex flex-wrap gap-x-8 gap-y-3 pt-3">
        {job.metrics.map(({ key, value, unit }) => (
          <div key={key}>
            <dt className="text-xs text-soft">{key.replaceAll("_", " ")}</dt>
            <dd className="font-medium">
              {value.toLocaleString(words.code, { maximumFractionDigits: 1 })} {unit}
            </dd>
          </div>
        ))}
        {job.confidence !== null && (
          <div>
            <dt className="text-xs text-soft">{job.model}</dt>
            <dd className="font-medium">{words.confidence(Math.round(job.confidence * 100))}</dd>
          </div>
        )}
      </dl>
    </details>
  );
}
