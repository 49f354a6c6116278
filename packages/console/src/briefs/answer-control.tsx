import { type BriefHole, briefLimits, type HoleValue } from "@sideline/contracts";
import { useState } from "react";
import { Button } from "../parts/button.tsx";
import { area, field } from "./looks.ts";
import { sayValue } from "./say-change.ts";
import { useBriefWords } from "./words.ts";

interface Props {
  hole: BriefHole;
  /** Id of the element that asks. */
  labelledBy: string;
  isBusy: boolean;
  answer(value: HoleValue): void;
}

/** What a hole of its type is answered with: a press where there are few answers, else a field. */
export function AnswerControl(props: Props) {
  const { type, options } = props.hole;
  if (type === "choice") return <Presses {...props} values={options ?? []} />;
  if (type === "boolean") return <Presses {...props} values={[true, false]} />;
  return <Typed {...props} />;
}

function Presses({ hole, labelledBy, isBusy, answer, values }: Props & { values: HoleValue[] }) {
  const words = useBriefWords();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would need the question as its legend.
    <div role="group" aria-labelledby={labelledBy} className="flex flex-wrap gap-2">
      {values.map((value) => (
        <Button
          key={String(value)}
          disabled={isBusy}
          aria-pressed={value === hole.answer}
          onClick={() => answer(value)}
          className={value === hole.answer ? "outline-2 outline-accent" : ""}
        >
          {sayValue(value, null, words)}
          {value === hole.default && (
            <span className="text-xs font-normal text-soft">{words.suggested}</span>
          )}
        </Button>
      ))}
    </div>
  );
}

function Typed({ hole, labelledBy, isBusy, answer }: Props) {
  const words = useBriefWords();
  const [text, setText] = useState(String(hole.answer ?? hole.default ?? ""));
  const isNumber = hole.type === "number";
  const value = isNumber ? Number(text) : text.trim();
  const isEmpty = text.trim() === "";
  return (
    <form
      className="flex min-w-0 flex-1 flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty) answer(value);
      }}
    >
      {isNumber ? (
        <input
          type="number"
          step="any"
          min={-1e9}
          max={1e9}
          aria-labelledby={labelledBy}
          value={text}
          onChange={({ target }) => setText(target.value)}
          className={`${field} w-32!`}
        />
      ) : (
        <textarea
          rows={1}
          maxLength={briefLimits.answer}
          aria-labelledby={labelledBy}
          value={text}
          onChange={({ target }) => setText(target.value)}
          className={`${area} min-w-48 flex-1`}
        />
      )}
      {hole.unit && <span className="text-sm text-soft">{hole.unit}</span>}
      <Button type="submit" className="min-h-touch" disabled={isBusy || isEmpty}>
        {words.answer}
      </Button>
    </form>
  );
}
