import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { useWords } from "../words/use-words.ts";
import { IconButton } from "./button.tsx";

interface Props {
  title: string;
  /** It has closed, by whatever way: a button, Escape, a press beside it. */
  closed(): void;
  /** @param close closes it and gives the focus back to where it was */
  children(close: () => void): ReactNode;
}

/** Stands over the page until it is closed; mounted means open. */
export function Dialog({ title, closed, children }: Props) {
  const words = useWords();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const close = () => dialog.current?.close();
  useEffect(() => {
    const element = dialog.current;
    if (!element?.open) element?.showModal();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes every dialog by itself.
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={closed}
      onClick={({ target, currentTarget }) => target === currentTarget && close()}
      className="m-auto w-[calc(100%-2rem)] max-w-md rounded-sheet border border-line bg-sheet p-0 text-ink backdrop:bg-black/50"
    >
      <div className="space-y-4 p-5">
        <div className="-mt-2 -mr-3 flex items-center justify-between gap-3">
          <h2 id={id} className="text-lg font-semibold tracking-tight">
            {title}
          </h2>
          <IconButton label={words.close} onClick={close}>
            <X className="size-4.5" aria-hidden="true" />
          </IconButton>
        </div>
        {children(close)}
      </div>
    </dialog>
  );
}
