import type { Job } from "@sideline/client";
import { Disclosure } from "../parts/disclosure.tsx";
import { useWords } from "../words/use-words.ts";

export function Metrics({ job }: { job: Job }) {
  const words = useWords();
  if (job.metrics.length === 0) return null;
  return (
    <div className="border-t border-line pt-2">
      <Disclosure title={words.measured}>
        <dl className="grid grid-cols-[repeat(auto-fill,minmax(8rem,1fr))] gap-x-6 gap-y-4 pt-2">
          {job.metrics.map(({ key, value, unit }) => (
            <div key={key}>
              <dt className="text-xs text-soft">
                {words.metrics[key] ?? key.replaceAll("_", " ")}
              </dt>
              <dd className="font-medium tabular-nums">
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
      </Disclosure>
    </div>
  );
}
