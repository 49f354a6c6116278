import type { SessionStatus } from "@sideline/contracts";
import { Search } from "lucide-react";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useTitle } from "../parts/use-page.ts";
import { useWords } from "../words/use-words.ts";
import { BriefRow } from "./brief-row.tsx";
import { categoryOf } from "./clean-brief.ts";
import { field } from "./looks.ts";
import { NewBrief } from "./new-brief.tsx";
import { useBriefList } from "./use-brief-list.ts";
import { useBriefWords } from "./words.ts";

const states: SessionStatus[] = ["ready", "open", "archived"];

/** The owner's briefs, latest changed first, and the way to a new one. */
export default function BriefsPage() {
  const words = useBriefWords();
  useTitle(words.title);
  return (
    <div className="grid items-start gap-8 pt-2 lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)] lg:gap-12">
      <section className="space-y-5 lg:sticky lg:top-6">
        <div className="space-y-2">
          <h1 className="text-2xl font-semibold tracking-tight">{words.title}</h1>
          <p className="text-sm leading-relaxed text-soft">{words.lead}</p>
        </div>
        <NewBrief />
      </section>
      <BriefList />
    </div>
  );
}

function BriefList() {
  const words = useBriefWords();
  const { more, offline } = useWords();
  const [text, setText] = useState("");
  const [status, setStatus] = useState<SessionStatus | "">("");
  const [category, setCategory] = useState("");
  const about = categoryOf(category);
  const isFiltered = text.trim() !== "" || status !== "" || about !== null;
  const list = useBriefList({
    ...(text.trim() && { words: text.trim() }),
    ...(status && { status }),
    ...(about && { category: about }),
  });
  return (
    <section className="space-y-4" aria-label={words.back}>
      <search className="grid grid-cols-2 gap-2 sm:grid-cols-[minmax(0,1fr)_10rem_10rem]">
        <label className="relative max-sm:col-span-2">
          <span className="sr-only">{words.search}</span>
          <Search
            className="pointer-events-none absolute top-3.5 left-3 size-4 text-soft"
            aria-hidden="true"
          />
          <input
            type="search"
            value={text}
            placeholder={words.searchHint}
            onChange={({ target }) => setText(target.value)}
            className={`${field} bg-sheet pl-9`}
          />
        </label>
        <select
          aria-label={words.state}
          value={status}
          onChange={({ target }) => setStatus(states.find((one) => one === target.value) ?? "")}
          className={`${field} bg-sheet`}
        >
          <option value="">{words.anyState}</option>
          {states.map((one) => (
            <option key={one} value={one}>
              {words.status[one]}
            </option>
          ))}
        </select>
        <input
          aria-label={words.category}
          value={category}
          placeholder={words.category}
          onChange={({ target }) => setCategory(target.value)}
          className={`${field} bg-sheet`}
        />
      </search>
      {list.hasFailed && <Notice>{offline}</Notice>}
      {list.isKnown && list.sessions.length === 0 && (
        <p className="rounded-sheet border border-dashed border-line px-5 py-10 text-center text-soft">
          {isFiltered ? words.noneFound : words.none}
        </p>
      )}
      <ul className="space-y-2">
        {list.sessions.map((line) => (
          <BriefRow key={line.id} line={line} />
        ))}
      </ul>
      {list.hasMore && <Button onClick={list.showMore}>{more}</Button>}
    </section>
  );
}
