import type { FormEvent } from "react";
import { useLocation } from "wouter";
import { Button } from "../parts/button.tsx";
import { useOperatorWords } from "./words.ts";

/** Leads to an item by its number, or to what came of a recording by the recording's. */
export function FindItem() {
  const words = useOperatorWords();
  const [, navigate] = useLocation();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    navigate(`/operator/find/${new FormData(event.currentTarget).get("id")}`);
  };
  return (
    <form onSubmit={submit} className="flex gap-2 max-sm:w-full sm:ml-auto">
      <input
        name="id"
        required
        inputMode="numeric"
        pattern="[0-9]{1,15}"
        aria-label={words.findItem}
        placeholder={words.findItem}
        className="min-h-touch w-72 min-w-0 flex-1 rounded-part border border-edge bg-sheet px-3 text-sm placeholder:text-soft"
      />
      <Button type="submit">{words.find}</Button>
    </form>
  );
}
