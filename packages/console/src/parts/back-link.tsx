import { ArrowLeft } from "lucide-react";
import { Link } from "wouter";

/** The way back to the page that this one was opened from. */
export function BackLink({ href, children }: { href: string; children: string }) {
  return (
    <Link
      href={href}
      className="inline-flex min-h-touch items-center gap-1.5 rounded-part text-sm text-soft hover:text-ink"
    >
      <ArrowLeft className="size-4" aria-hidden="true" />
      {children}
    </Link>
  );
}
