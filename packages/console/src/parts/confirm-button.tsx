import { friendlyProblem, SidelineError } from "@sideline/client";
import { type FormEvent, type ReactNode, useState } from "react";
import { useProblemWords, useWords } from "../words/use-words.ts";
import { Button, IconButton } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Notice } from "./notice.tsx";

interface Props {
  /** What it does, in as few words as a button has. */
  label: string;
  icon: ReactNode;
  isIconOnly?: boolean;
  /** What is lost. */
  warning: string;
  /** Has to be typed before it can be done, where too much would be lost by one press. */
  typed?: string;
  act(): Promise<void>;
}

/** Asks before it does what cannot be undone, and says why where it could not be done. */
export function ConfirmButton({ label, icon, isIconOnly = false, ...asked }: Props) {
  const [isAsking, setAsking] = useState(false);
  const ask = () => setAsking(true);
  return (
    <>
      {isIconOnly ? (
        <IconButton label={label} onClick={ask}>
          {icon}
        </IconButton>
      ) : (
        <Button look="bare" onClick={ask}>
          {icon}
          {label}
        </Button>
      )}
      {isAsking && <Question label={label} {...asked} closed={() => setAsking(false)} />}
    </>
  );
}

function Question({
  label,
  warning,
  typed,
  act,
  closed,
}: Pick<Props, "label" | "warning" | "typed" | "act"> & { closed(): void }) {
  const words = useWords();
  const problems = useProblemWords();
  const [isBusy, setBusy] = useState(false);
  const [given, setGiven] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const submit = (event: FormEvent, close: () => void) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    act().then(close, (error: unknown) => {
      setBusy(false);
      const code = error instanceof SidelineError ? error.code : "unknown";
      setRefused(friendlyProblem(code, problems).sentence);
    });
  };
  return (
    <Dialog title={label} closed={closed}>
      {(close) => (
        <form className="space-y-4" onSubmit={(event) => submit(event, close)}>
          <p className="leading-relaxed">{warning}</p>
          {typed !== undefined && (
            <label className="flex flex-col gap-1.5 text-sm font-medium">
              {words.typeToConfirm(typed)}
              <input
                value={given}
                autoComplete="off"
                onChange={({ target }) => setGiven(target.value)}
                className="min-h-touch w-full rounded-part border border-edge bg-sheet px-3 text-base"
              />
            </label>
          )}
          {refused && <Notice>{refused}</Notice>}
          <div className="flex flex-wrap justify-end gap-2">
            <Button onClick={close}>{words.keep}</Button>
            <Button
              look="grave"
              type="submit"
              disabled={isBusy || (typed !== undefined && given.trim() !== typed)}
            >
              {label}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
