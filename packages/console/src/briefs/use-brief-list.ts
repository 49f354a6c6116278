import { useSideline } from "@sideline/client/react";
import type { SessionFilter, SessionLine } from "@sideline/contracts";
import { useEffect, useState } from "react";

const typingMs = 200;

interface Pages {
  sessions: SessionLine[];
  next: string | null;
}

/** The sessions that meet a filter, page after page. */
export function useBriefList(filter: SessionFilter): {
  sessions: SessionLine[];
  isKnown: boolean;
  hasFailed: boolean;
  hasMore: boolean;
  showMore(): void;
} {
  const { sessions: store } = useSideline();
  const [pages, setPages] = useState<Pages | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const asked = JSON.stringify(filter);
  useEffect(() => {
    let isWanted = true;
    // Whoever types is not done with the first letter.
    const timer = setTimeout(
      () =>
        store.list(JSON.parse(asked)).then(
          (page) => {
            if (!isWanted) return;
            setPages(page);
            setFailed(false);
          },
          () => isWanted && setFailed(true),
        ),
      asked === "{}" ? 0 : typingMs,
    );
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [store, asked]);

  function showMore(): void {
    if (!pages?.next) return;
    const before = pages;
    store.list({ ...filter, after: pages.next }).then(
      ({ sessions, next }) =>
        // The filter is still the one that was asked with.
        setPages((now) =>
          now === before ? { sessions: [...before.sessions, ...sessions], next } : now,
        ),
      () => setFailed(true),
    );
  }
  return {
    sessions: pages?.sessions ?? [],
    isKnown: pages !== null,
    hasFailed,
    hasMore: pages?.next != null,
    showMore,
  };
}
