import { briefLimits } from "@sideline/contracts";
import { X } from "lucide-react";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { categoryOf } from "./clean-brief.ts";
import { field } from "./looks.ts";
import type { BriefForm } from "./use-brief-form.ts";
import { useBriefWords } from "./words.ts";

/** Categories of remarks that are not wanted. */
export function SkipFields({ form: { brief, change } }: { form: BriefForm }) {
  const words = useBriefWords();
  const [text, setText] = useState("");
  const isFull = brief.skip.length >= briefLimits.skip;
  const add = () => {
    const category = categoryOf(text);
    setText("");
    if (category && !brief.skip.includes(category)) change({ skip: [...brief.skip, category] });
  };
  return (
    <fieldset className="space-y-3">
      <legend className="mb-3 text-sm font-medium">{words.skip}</legend>
      {brief.skip.length > 0 && (
        <ul className="flex flex-wrap gap-2">
          {brief.skip.map((category) => {
            const name = category.replaceAll("_", " ");
            return (
              <li key={category}>
                <button
                  type="button"
                  aria-label={words.dropSkip(name)}
                  onClick={() => change({ skip: brief.skip.filter((one) => one !== category) })}
                  className="inline-flex min-h-touch items-center gap-2 rounded-full bg-well pr-3 pl-4 text-sm hover:bg-line"
                >
                  {name}
                  <X className="size-3.5 text-soft" aria-hidden="true" />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      <div className="flex max-w-sm gap-2">
        <input
          aria-label={words.skip}
          placeholder={words.skipHint}
          maxLength={40}
          disabled={isFull}
          value={text}
          onChange={({ target }) => setText(target.value)}
          // What was typed counts also where nobody presses the button.
          onBlur={add}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add();
          }}
          className={field}
        />
        <Button className="min-h-touch" disabled={isFull || text.trim() === ""} onClick={add}>
          {words.addSkip}
        </Button>
      </div>
    </fieldset>
  );
}
