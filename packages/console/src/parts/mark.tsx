/** The name, with a line at its side. */
export function Mark() {
  return (
    <span className="flex items-center gap-2.5 text-lg font-semibold tracking-tight">
      <svg viewBox="0 0 16 16" className="size-6" aria-hidden="true">
        <rect width="16" height="16" rx="4" className="fill-accent" />
        <path d="M5 3v10" className="stroke-on-accent" strokeWidth="2" />
        <circle cx="10" cy="8" r="2" className="fill-on-accent" />
      </svg>
      Sideline
    </span>
  );
}
