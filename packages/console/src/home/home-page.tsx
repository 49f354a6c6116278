import { type UseUpload, useRecordings, useSideline } from "@sideline/client/react";
import type { User } from "@supabase/supabase-js";
import { useEffect, useRef } from "react";
import { Button } from "../parts/button.tsx";
import { OfflineNotice } from "../parts/offline-notice.tsx";
import { useTitle } from "../parts/use-page.ts";
import { useWords } from "../words/use-words.ts";
import { RecordingRow } from "./recording-row.tsx";
import { Settings } from "./settings.tsx";
import { UploadPanel } from "./upload-panel.tsx";

export function HomePage({ user, upload }: { user: User; upload: UseUpload }) {
  const words = useWords();
  useTitle(words.recordings);
  const { recordings: shared } = useSideline();
  const { phase, readError, recordings, hasMore, limit } = useRecordings();
  const showMore = () => {
    shared.store.setState({ limit: limit + 100 });
    shared.refresh();
  };
  return (
    <div className="grid items-start gap-8 pt-2 lg:grid-cols-[minmax(0,26rem)_minmax(0,1fr)] lg:gap-12">
      <section className="space-y-5 lg:sticky lg:top-6">
        <UploadPanel upload={upload} />
        <Settings user={user} />
      </section>
      <section className="space-y-4">
        <h1 className="text-2xl font-semibold tracking-tight">{words.recordings}</h1>
        <OfflineNotice readError={readError} />
        {phase === "loading" && <Skeleton />}
        {phase === "ready" && recordings.length === 0 && (
          <p className="rounded-sheet border border-dashed border-line px-5 py-10 text-center text-soft">
            {words.noRecordings}
          </p>
        )}
        <ul className="space-y-2">
          {recordings.map((line) => (
            <RecordingRow key={line.id} line={line} />
          ))}
        </ul>
        {hasMore && <More key={recordings.length} show={showMore} />}
      </section>
    </div>
  );
}

/** Shows more as soon as the end of the list is near, or at a press. */
function More({ show }: { show(): void }) {
  const words = useWords();
  const button = useRef<HTMLButtonElement>(null);
  const latest = useRef(show);
  latest.current = show;
  useEffect(() => {
    if (!button.current) return;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && latest.current(),
      { rootMargin: "600px" },
    );
    observer.observe(button.current);
    return () => observer.disconnect();
  }, []);
  return (
    <Button ref={button} onClick={show}>
      {words.more}
    </Button>
  );
}

function Skeleton() {
  return (
    <div className="space-y-2" aria-hidden="true">
      {[0, 1, 2].map((key) => (
        <div key={key} className="h-18 animate-breathe rounded-sheet bg-well" />
      ))}
    </div>
  );
}
