import { friendlyProblem, type RenderLink } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { Copy, Link2 } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { Button, IconButton } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { useProblemWords, useWords } from "../words/use-words.ts";

const days = [1, 7, 30];

/** Links to a video for people without an account: made, counted, ended. */
export function ShareLinks({ renderId }: { renderId: number }) {
  const { code, video: words } = useWords();
  const problems = useProblemWords();
  const sideline = useSideline();
  const [links, setLinks] = useState<RenderLink[]>([]);
  /** Told once: a link that is made on this page can be copied here, and nowhere else. */
  const [url, setUrl] = useState<string | null>(null);
  const [validDays, setValidDays] = useState(7);
  const [refused, setRefused] = useState<string | null>(null);
  const read = useCallback(
    () => sideline.renderLinks(renderId).then(setLinks, ({ code }) => setRefused(String(code))),
    [sideline, renderId],
  );
  useEffect(() => void read(), [read]);
  const ask = (call: Promise<void>) =>
    call.then(read).catch(({ code }) => setRefused(String(code)));
  const share = () =>
    ask(sideline.shareRender(renderId, validDays * 24 * 3600).then((made) => setUrl(made.url)));
  const end = (id: number) => ask(sideline.endRenderLink(id).then(() => setUrl(null)));
  return (
    <div className="space-y-2">
      <div className="flex flex-wrap items-center gap-2">
        <select
          aria-label={words.validity}
          value={validDays}
          onChange={({ target }) => setValidDays(Number(target.value))}
          className="min-h-touch rounded-part border border-edge bg-sheet px-3"
        >
          {days.map((count) => (
            <option key={count} value={count}>
              {words.days(count)}
            </option>
          ))}
        </select>
        <Button onClick={share}>
          <Link2 className="size-4" aria-hidden="true" />
          {words.share}
        </Button>
      </div>
      {url && (
        <div className="flex items-center gap-1">
          <input
            readOnly
            aria-label={words.link}
            value={url}
            onFocus={({ target }) => target.select()}
            className="min-h-touch min-w-0 flex-1 rounded-part border border-edge bg-sheet px-3 text-soft"
          />
          <IconButton
            label={words.copy}
            onClick={() => void navigator.clipboard?.writeText(url).catch(() => {})}
          >
            <Copy className="size-4" aria-hidden="true" />
          </IconButton>
        </div>
      )}
      {refused && <Notice>{friendlyProblem(refused, problems).sentence}</Notice>}
      <ul>
        {links.map((link) => (
          <li key={link.id} className="flex flex-wrap items-center gap-x-3 text-soft">
            <span className="flex-1">
              {words.linkEnds(
                new Date(link.expiresAt).toLocaleString(code, {
                  dateStyle: "medium",
                  timeStyle: "short",
                }),
              )}
              , {words.visits(link.visits.length)}
            </span>
            <Button look="bare" onClick={() => end(link.id)}>
              {words.end}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}
