import type { Job } from "@sideline/client";
import { useRecording, useSideline } from "@sideline/client/react";
import type { Brief } from "@sideline/contracts";
import { ListChecks, Trash2 } from "lucide-react";
import { useMemo } from "react";
import { Link, useLocation } from "wouter";
import { BackLink } from "../parts/back-link.tsx";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import { OfflineNotice } from "../parts/offline-notice.tsx";
import { StatusBadge } from "../parts/status-badge.tsx";
import { useTitle } from "../parts/use-page.ts";
import { VideosPanel } from "../render/videos-panel.tsx";
import { useWords } from "../words/use-words.ts";
import { isBeyondHelp, JobProblem } from "./job-problem.tsx";
import { Metrics } from "./metrics.tsx";
import { createPlayback } from "./playback.ts";
import { Player } from "./player.tsx";
import { RemarkList } from "./remark-list.tsx";

export default function RecordingPage({ recordingId }: { recordingId: number }) {
  const words = useWords();
  const state = useRecording(recordingId);
  const playback = useMemo(createPlayback, []);
  const { phase, recording, job, feedback, readError } = state;
  const title = job?.title ?? recording?.filename;
  useTitle(title);
  if (phase === "missing") {
    return (
      <div className="space-y-4 pt-2">
        <BackLink href="/">{words.back}</BackLink>
        <p className="text-soft">{words.missing}</p>
      </div>
    );
  }
  const isPlayable = recording?.uploadStatus === "completed" && !isBeyondHelp(state);
  return (
    <div className="space-y-4 pt-2">
      <BackLink href="/">{words.back}</BackLink>
      <OfflineNotice readError={readError} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1.55fr)_minmax(0,1fr)] lg:gap-10">
        <section className="contents lg:sticky lg:top-4 lg:block lg:space-y-5">
          {phase === "loading" && (
            <div
              aria-hidden="true"
              className="aspect-video animate-breathe rounded-sheet bg-well"
            />
          )}
          {isPlayable && <Player recording={recording} feedback={feedback} playback={playback} />}
          <div className="space-y-2">
            <div className="flex flex-wrap items-baseline gap-x-4 gap-y-1">
              <h1 className="text-2xl font-semibold tracking-tight text-balance [overflow-wrap:anywhere]">
                {title ?? "…"}
              </h1>
              {recording && (
                <StatusBadge
                  status={
                    recording.uploadStatus === "completed"
                      ? (job?.status ?? "queued")
                      : recording.uploadStatus
                  }
                />
              )}
            </div>
            {job?.brief && <Followed job={job} brief={job.brief} />}
            {job?.summary && <p className="max-w-prose leading-relaxed text-soft">{job.summary}</p>}
            {job?.note && <p className="max-w-prose text-sm text-soft">{job.note}</p>}
          </div>
          <JobProblem state={state} />
          {job && <Metrics job={job} />}
          <VideosPanel recordingId={recordingId} state={state} />
          {recording && <DeleteRecording recordingId={recordingId} />}
        </section>
        <RemarkList state={state} playback={playback} />
      </div>
    </div>
  );
}

/** Which brief the analysis followed, as it was then; its session may be gone. */
function Followed({ job, brief }: { job: Job; brief: Brief }) {
  const words = useWords();
  const goal = brief.goal || brief.rules[0]?.look_for;
  const said = [words.followed(job.sessionRevision ?? 0), goal && `“${goal}”`];
  return (
    <p className="flex max-w-prose gap-2 text-sm text-soft">
      <ListChecks className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <Link
        href={`/briefs/${job.sessionId}`}
        className="underline decoration-line underline-offset-4 hover:text-ink"
      >
        {said.filter(Boolean).join(": ")}
      </Link>
    </p>
  );
}

function DeleteRecording({ recordingId }: { recordingId: number }) {
  const words = useWords();
  const sideline = useSideline();
  const [, navigate] = useLocation();
  return (
    <div className="-ml-3.5 max-lg:order-last">
      <ConfirmButton
        label={words.deleteRecording}
        icon={<Trash2 className="size-4" aria-hidden="true" />}
        warning={words.deleteRecordingWarning}
        act={() => sideline.deleteRecording(recordingId).then(() => navigate("/"))}
      />
    </div>
  );
}
