import { type Feedback, isAudible } from "@sideline/client";
import { useAudioUrl, useFeedbackStatus, useSideline } from "@sideline/client/react";
import { Download, ListChecks, Pencil, Square, Trash2, Volume2 } from "lucide-react";
import { memo, useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { Button, IconButton } from "../parts/button.tsx";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import { Notice } from "../parts/notice.tsx";
import { StatusBadge } from "../parts/status-badge.tsx";
import { clock } from "../parts/time.ts";
import { useProblemWords, useWords } from "../words/use-words.ts";
import type { Playback } from "./playback.ts";
import { RemarkEditor } from "./remark-editor.tsx";
import { severityText } from "./severity.ts";

interface Props {
  remark: Feedback;
  playback: Playback;
}

/** For the other steps a person does something else first. */
const mayHelp = new Set(["retry", "wait", "ask_for_help"]);

/** @param rule of the brief that the remark comes from, in its words */
export const RemarkCard = memo(function RemarkCard({
  remark,
  rule,
  playback,
}: Props & { rule: string | null }) {
  const words = useWords();
  const { startSeconds, endSeconds, severity, category, message, drill } = remark;
  const isNow = useStore(
    playback.store,
    ({ seconds, spoken }) =>
      spoken?.id === remark.id ||
      (spoken === null && seconds > 0 && seconds >= startSeconds && seconds < endSeconds),
  );
  const card = useRef<HTMLLIElement>(null);
  const [isEdited, setEdited] = useState(false);
  useEffect(() => {
    if (isNow) card.current?.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, [isNow]);
  return (
    <li
      ref={card}
      className={`scroll-mt-104 space-y-3 rounded-sheet border bg-sheet p-4 shadow-sheet transition lg:scroll-my-4 ${isNow ? "border-accent" : "border-line"}`}
    >
      <div className="flex items-center gap-x-2 sm:gap-x-3">
        <button
          type="button"
          onClick={() => playback.seek(startSeconds)}
          className="group -my-1.5 flex min-h-touch items-center rounded-part text-sm font-medium tabular-nums"
        >
          <span className="rounded-part bg-well px-2.5 py-1.5 group-hover:bg-line">
            {clock(startSeconds)}–{clock(endSeconds)}
          </span>
        </button>
        <span className={`text-xs font-semibold ${severityText(severity)}`}>
          {words.severity[severity as keyof typeof words.severity] ?? severity}
        </span>
        <span className="truncate text-xs text-soft max-sm:hidden">
          {category.replaceAll("_", " ")}
        </span>
        <span className="-my-1.5 -mr-2.5 ml-auto flex">
          <HearButtons remark={remark} playback={playback} />
          {!isEdited && (
            <IconButton label={words.edit} onClick={() => setEdited(true)}>
              <Pencil className="size-4" aria-hidden="true" />
            </IconButton>
          )}
        </span>
      </div>
      {isEdited ? (
        <RemarkEditor remark={remark} close={() => setEdited(false)} />
      ) : (
        <>
          <p className="leading-relaxed">{message}</p>
          {rule && (
            <p className="flex gap-2 text-xs leading-relaxed text-soft">
              <ListChecks className="mt-0.5 size-3.5 shrink-0 text-accent" aria-hidden="true" />
              <span>
                {words.fromRule}: {rule}
              </span>
            </p>
          )}
          {drill && (
            <p className="border-l-2 border-accent pl-3 text-sm leading-relaxed text-soft">
              <b className="font-medium text-ink">{words.drill}: </b>
              {drill}
            </p>
          )}
        </>
      )}
      <RemarkStatus remark={remark} />
    </li>
  );
});

function HearButtons({ remark, playback }: Props) {
  const words = useWords();
  const sideline = useSideline();
  const isSpoken = useStore(playback.store, ({ spoken }) => spoken?.id === remark.id);
  const url = useAudioUrl(remark.audioSegments[0]?.path);
  if (!isAudible(remark)) return null;
  return (
    <>
      {isSpoken ? (
        <IconButton label={words.stop} onClick={playback.stopSpeaking}>
          <Square className="size-4 fill-current" aria-hidden="true" />
        </IconButton>
      ) : (
        <IconButton label={words.hear} onClick={() => playback.speak(remark)}>
          <Volume2 className="size-4.5 text-accent" aria-hidden="true" />
        </IconButton>
      )}
      {url && (
        <a
          href={`${url}&download=`}
          aria-label={words.download}
          title={words.download}
          className="grid size-touch place-items-center rounded-part text-soft hover:bg-well hover:text-ink"
        >
          <Download className="size-4" aria-hidden="true" />
        </a>
      )}
      <ConfirmButton
        isIconOnly
        label={words.deleteAudio}
        icon={<Trash2 className="size-4" aria-hidden="true" />}
        warning={words.deleteAudioWarning}
        act={() => sideline.deleteAudio(remark.id)}
      />
    </>
  );
}

function RemarkStatus({ remark }: { remark: Feedback }) {
  const words = useWords();
  const problemWords = useProblemWords();
  const { status, problem, wait, isRetrying, retry, dismiss } = useFeedbackStatus(
    remark,
    problemWords,
  );
  const isDone = status === "completed";
  if (isDone && !problem) return null;
  const at = (wait?.until ?? wait?.since)?.toLocaleTimeString(words.code, { timeStyle: "short" });
  return (
    <div className="space-y-2.5">
      <div className={isDone ? "hidden" : "flex flex-wrap gap-x-5 gap-y-1"}>
        <StatusBadge of={words.text} status={remark.ssml.status} />
        {remark.ssml.status === "completed" && (
          <StatusBadge of={words.sound} status={remark.audio.status} />
        )}
        {at && (
          <span className="text-xs text-soft">
            {wait?.until ? words.waitingUntil(at) : words.waitingSince(at)}
          </span>
        )}
      </div>
      {problem && (
        <Notice
          tone={status === "failed" ? "alarm" : "wait"}
          actions={
            <>
              {status === "failed" && mayHelp.has(problem.nextStep) && (
                <Button disabled={isRetrying} onClick={() => void retry()}>
                  {words.retry}
                </Button>
              )}
              <Button look="bare" onClick={dismiss}>
                {words.dismiss}
              </Button>
            </>
          }
        >
          {problem.sentence}
        </Notice>
      )}
    </div>
  );
}
