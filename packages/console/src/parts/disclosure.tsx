import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  title: string;
  isOpen?: boolean;
  children: ReactNode;
}

/** What is looked at now and then: one line until it is opened. */
export function Disclosure({ title, isOpen = false, children }: Props) {
  return (
    <details open={isOpen} className="group">
      <summary className="-ml-1 flex min-h-touch w-fit list-none items-center gap-1.5 rounded-part pr-2 text-sm font-medium text-soft hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronDown
          className="size-4 shrink-0 -rotate-90 transition group-open:rotate-0"
          aria-hidden="true"
        />
        {title}
      </summary>
      {children}
    </details>
  );
}
