import { Dialog } from "../parts/dialog.tsx";
import { useWords } from "../words/use-words.ts";

export function KeysDialog({ closed }: { closed(): void }) {
  const words = useWords();
  return (
    <Dialog title={words.keys} closed={closed}>
      {() => (
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-sm">
          {Object.entries(words.keyNames).map(([key, [name, does]]) => (
            <div key={key} className="contents">
              <dt>
                <kbd className="inline-block min-w-8 rounded-md border border-line bg-well px-2 py-1 text-center font-sans text-xs font-medium">
                  {name}
                </kbd>
              </dt>
              <dd>{does}</dd>
            </div>
          ))}
        </dl>
      )}
    </Dialog>
  );
}
