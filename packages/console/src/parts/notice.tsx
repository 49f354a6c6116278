import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** What is wrong, and what to do about it. */
export function Notice({ children, actions }: { children: ReactNode; actions?: ReactNode }) {
  return (
    <div
      role="alert"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-part bg-alarm px-3.5 py-2.5 text-sm"
    >
      <CircleAlert className="size-4 shrink-0 text-high" aria-hidden="true" />
      <p className="min-w-48 flex-1">{children}</p>
      {actions && <div className="flex gap-1">{actions}</div>}
    </div>
  );
}
