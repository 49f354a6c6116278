import { friendlyProblem, isUnderWay, type Render } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { Download, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useVideoUrl } from "../recording/use-video-url.ts";
import { useProblemWords, useWords } from "../words/use-words.ts";
import { ShareLinks } from "./share-links.tsx";

/** One coached video: how far it is, and when it is there, to play, to keep and to send. */
export function VideoCard({ render, changed }: { render: Render; changed(): void }) {
  const words = useWords();
  const problems = useProblemWords();
  const sideline = useSideline();
  const [refused, setRefused] = useState<string | null>(null);
  const ask = (call: Promise<void>) => call.catch(({ code }) => setRefused(String(code)));
  const made = new Date(render.createdAt).toLocaleString(words.code, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  const code = refused ?? (render.status === "failed" ? render.errorCode : null);
  return (
    <li className="space-y-3 rounded-part border border-line p-3.5 text-sm">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-medium">
          {render.mode === "duck" ? words.video.duck : words.video.freeze}
        </span>
        <span className="flex-1 text-soft">{made}</span>
        {!isUnderWay(render) && (
          <IconButton
            label={words.video.remove}
            onClick={() => ask(sideline.deleteRender(render.id).then(changed))}
          >
            <Trash2 className="size-4" aria-hidden="true" />
          </IconButton>
        )}
      </div>
      {isUnderWay(render) && (
        <div className="flex items-center gap-3">
          <progress
            aria-label={words.video.progress}
            max={100}
            value={render.status === "queued" ? undefined : render.progressPercent}
            className="h-2 min-w-0 flex-1 accent-accent"
          />
          <span className="tabular-nums text-soft">
            {render.status === "queued" ? words.status.queued : `${render.progressPercent} %`}
          </span>
          <Button look="bare" onClick={() => ask(sideline.cancelRender(render.id))}>
            {words.cancel}
          </Button>
        </div>
      )}
      {code && (
        <Notice
          actions={
            render.status === "failed" && (
              <Button onClick={() => ask(sideline.retryRender(render.id))}>{words.retry}</Button>
            )
          }
        >
          {friendlyProblem(code, problems).sentence}
        </Notice>
      )}
      {render.path && <Finished render={render} path={render.path} />}
    </li>
  );
}

function Finished({ render, path }: { render: Render; path: string }) {
  const words = useWords().video;
  const { audioUrls } = useSideline();
  const { url } = useVideoUrl(audioUrls, path);
  const name = `coached-${render.id}.${render.format}`;
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: its captions are in its pictures. */}
      <video
        src={url ?? undefined}
        controls
        playsInline
        preload="metadata"
        aria-label={words.result}
        className="aspect-video w-full rounded-part bg-black"
      />
      <div className="flex flex-wrap gap-2">
        {url && (
          <a
            href={`${url}&download=${encodeURIComponent(name)}`}
            className="inline-flex min-h-touch items-center gap-2 rounded-part bg-well px-3.5 font-medium hover:bg-line"
          >
            <Download className="size-4" aria-hidden="true" />
            {words.download}
          </a>
        )}
      </div>
      <ShareLinks renderId={render.id} />
    </>
  );
}
