import { Link } from "wouter";
import { BackLink } from "../parts/back-link.tsx";
import { useTitle } from "../parts/use-page.ts";
import { useWords } from "../words/use-words.ts";
import { Empty, Panel, Rows } from "./panel.tsx";
import { ReadProblem } from "./read-problem.tsx";
import { type FoundItem, findItems } from "./reads.ts";
import { usePolled } from "./use-polled.ts";
import { useOperatorWords } from "./words.ts";

const readMs = 5_000;

/** What has a number: items of any stage, and all that came of the recording with it. */
export default function FoundPage({ id }: { id: number }) {
  const words = useOperatorWords();
  const { data, error } = usePolled(readMs, findItems, id);
  useTitle(words.found(id));
  const ofRecording = data?.filter((item) => item.recording_id !== null) ?? [];
  const others = data?.filter((item) => item.recording_id === null) ?? [];
  return (
    <div className="max-w-4xl space-y-6 pt-2">
      <BackLink href="/operator">{words.back}</BackLink>
      <h1 className="text-2xl font-semibold tracking-tight">{words.found(id)}</h1>
      <ReadProblem error={error} />
      {data?.length === 0 && <Empty>{words.noItem}</Empty>}
      <Items id="of-recording" title={words.ofRecording(id)} items={ofRecording} />
      <Items id="others" title={words.otherItems} items={others} />
    </div>
  );
}

function Items({ id, title, items }: { id: string; title: string; items: FoundItem[] }) {
  const words = useOperatorWords();
  const { status: names } = useWords();
  if (items.length === 0) return null;
  return (
    <Panel id={id} title={title}>
      <Rows>
        {items.map(({ stage, item_id: item, status, error_code: code }) => (
          <li key={`${stage} ${item}`} className="flex flex-wrap items-center gap-x-3 px-4 text-sm">
            <Link
              href={`/operator/${stage}/${item}`}
              className="flex min-h-touch items-center rounded-part font-medium text-accent hover:underline"
            >
              {words.item(stage, item)}
            </Link>
            <span className={status === "failed" ? "text-high" : "text-soft"}>
              {names[status as keyof typeof names] ?? status}
            </span>
            {code && <span className="text-xs text-soft">{code}</span>}
          </li>
        ))}
      </Rows>
    </Panel>
  );
}
