import { ArrowLeft } from "lucide-react";
import { Link } from "wouter";
import { useOperatorWords } from "./words.ts";

export function BackToOperations() {
  const words = useOperatorWords();
  return (
    <Link
      href="/operator"
      className="inline-flex min-h-touch items-center gap-1.5 rounded-part text-sm text-soft hover:text-ink"
    >
      <ArrowLeft className="size-4" aria-hidden="true" />
      {words.back}
    </Link>
  );
}
