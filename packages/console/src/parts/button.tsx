import type { ButtonHTMLAttributes, Ref } from "react";

const looks = {
  main: "bg-accent text-on-accent hover:brightness-110",
  grave: "bg-high text-sheet hover:brightness-110",
  plain: "bg-well text-ink hover:bg-line",
  bare: "text-soft hover:text-ink hover:bg-well",
};

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: keyof typeof looks;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ look = "plain", className = "", ...rest }: Props) {
  return (
    <button
      type="button"
      className={`inline-flex min-h-touch items-center justify-center gap-2 rounded-part px-3.5 text-sm font-medium transition disabled:opacity-50 ${looks[look]} ${className}`}
      {...rest}
    />
  );
}

/** A button that is a picture; `label` is what it does. */
export function IconButton({ label, className = "", ...rest }: Props & { label: string }) {
  return (
    <Button
      look="bare"
      aria-label={label}
      title={label}
      className={`w-touch px-0! ${className}`}
      {...rest}
    />
  );
}
