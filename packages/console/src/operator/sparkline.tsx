interface Props {
  label: string;
  completed: (number | null)[];
  troubled: (number | null)[];
}

/** Bars of the last 60 minutes; what did not succeed stands on top. Unread minutes are left out. */
export function Sparkline({ label, completed, troubled }: Props) {
  const all = completed.map((done, at) => (done ?? 0) + (troubled[at] ?? 0));
  const most = Math.max(1, ...all);
  const height = (items: number) => (items / most) * 30;
  const bars = (items: (number | null)[], below: (at: number) => number) =>
    items
      .map((value, at) =>
        value ? `M${at * 2} ${32 - below(at) - height(value)}h1.5v${height(value)}h-1.5z` : "",
      )
      .join("");
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox="0 0 120 33"
      preserveAspectRatio="none"
      className="h-10 w-full"
    >
      <path d="M0 32.5h120" className="stroke-line" strokeWidth="0.6" />
      <path d={bars(completed, () => 0)} className="fill-accent" />
      <path d={bars(troubled, (at) => height(completed[at] ?? 0))} className="fill-high" />
    </svg>
  );
}
