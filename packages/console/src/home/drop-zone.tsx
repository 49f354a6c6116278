import { videoAccept } from "@sideline/contracts/video-types";
import { Upload } from "lucide-react";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { Button } from "../parts/button.tsx";
import { useWords } from "../words/use-words.ts";

/** Where a video is dropped, or chosen. */
export function DropZone({ take }: { take(file: File): void }) {
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  useDropsElsewhereLost();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) take(file);
  };
  const leave = ({ currentTarget, relatedTarget }: DragEvent) => {
    // What lies within the zone is no way out of it.
    if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget)) setOver(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one way; the button is the other.
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={leave}
      onDrop={drop}
      className={`flex flex-col items-center gap-4 rounded-sheet border-2 border-dashed px-6 py-6 text-center transition sm:py-10 ${isOver ? "border-accent bg-tint" : "border-line bg-sheet"}`}
    >
      <span className="grid size-14 place-items-center rounded-full bg-tint text-accent max-sm:hidden">
        <Upload className="size-6" aria-hidden="true" />
      </span>
      <p className="text-lg font-medium pointer-coarse:hidden">{words.drop}</p>
      <Button look="main" onClick={() => input.current?.click()}>
        {words.choose}
      </Button>
      <input
        ref={input}
        type="file"
        accept={videoAccept}
        aria-label={words.choose}
        hidden
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) take(file);
          target.value = "";
        }}
      />
      <p className="text-sm text-balance text-soft">{words.limits}</p>
    </div>
  );
}

/** A file that misses the zone would take the place of the page. */
function useDropsElsewhereLost(): void {
  useEffect(() => {
    const ignore = (event: Event) => event.preventDefault();
    addEventListener("dragover", ignore);
    addEventListener("drop", ignore);
    return () => {
      removeEventListener("dragover", ignore);
      removeEventListener("drop", ignore);
    };
  }, []);
}
