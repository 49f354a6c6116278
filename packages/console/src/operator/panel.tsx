import type { ReactNode } from "react";

interface Props {
  id: string;
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A part of the operator's page, with its heading. */
export function Panel({ id, title, aside, children }: Props) {
  return (
    <section aria-labelledby={id} className="space-y-3">
      <div className="flex min-h-touch flex-wrap items-center gap-x-3 gap-y-1">
        <h2 id={id} className="text-lg font-semibold tracking-tight">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** Where there is nothing to show. */
export function Empty({ children }: { children: ReactNode }) {
  return (
    <p className="rounded-sheet border border-dashed border-line px-5 py-6 text-center text-sm text-soft">
      {children}
    </p>
  );
}

/** Rows with a line between them. */
export function Rows({ children }: { children: ReactNode }) {
  return (
    <ul className="divide-y divide-line overflow-hidden rounded-sheet border border-line bg-sheet shadow-sheet">
      {children}
    </ul>
  );
}
