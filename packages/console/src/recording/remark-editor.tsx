import { type Feedback, friendlyProblem, SidelineError } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { type KeyboardEvent, useState } from "react";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useProblemWords, useWords } from "../words/use-words.ts";

const longest = 2000;
const field =
  "block field-sizing-content w-full resize-none rounded-part border border-edge bg-desk px-3 py-2 leading-relaxed";

/** A remark's words, to be changed; they are spoken anew when they are saved. */
export function RemarkEditor({ remark, close }: { remark: Feedback; close(): void }) {
  const words = useWords();
  const problemWords = useProblemWords();
  const sideline = useSideline();
  const [message, setMessage] = useState(remark.message);
  const [drill, setDrill] = useState(remark.drill ?? "");
  const [isSaving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const save = () => {
    setSaving(true);
    sideline
      .editFeedback(remark.id, { message, drill: drill.trim() || null })
      .then(close, (error: unknown) => {
        setSaving(false);
        const code = error instanceof SidelineError ? error.code : "unknown";
        setRefusal(friendlyProblem(code, problemWords).sentence);
      });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Escape") close();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
  };
  return (
    <form
      className="space-y-3"
      onKeyDown={press}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <label className="block space-y-1">
        <span className="text-xs font-medium text-soft">{words.words}</span>
        <textarea
          // biome-ignore lint/a11y/noAutofocus: it appears because one pressed a button for it.
          autoFocus
          required
          rows={2}
          maxLength={longest}
          value={message}
          onChange={({ target }) => setMessage(target.value)}
          className={field}
        />
      </label>
      <label className="block space-y-1">
        <span className="text-xs font-medium text-soft">{words.drill}</span>
        <textarea
          rows={1}
          maxLength={longest}
          value={drill}
          onChange={({ target }) => setDrill(target.value)}
          className={`${field} text-sm`}
        />
      </label>
      {refusal && <Notice>{refusal}</Notice>}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="main" disabled={isSaving || message.trim() === ""}>
          {words.save}
        </Button>
        <Button look="bare" disabled={isSaving} onClick={close}>
          {words.cancel}
        </Button>
      </div>
    </form>
  );
}
