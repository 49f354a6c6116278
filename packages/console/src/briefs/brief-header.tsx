import { useSideline } from "@sideline/client/react";
import { openHoles, type Session } from "@sideline/contracts";
import { Check, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { chooseNextBrief, useNextBrief } from "../home/next-brief.ts";
import { Button, IconButton } from "../parts/button.tsx";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import { BriefStatus } from "./brief-status.tsx";
import { nameOf } from "./clean-brief.ts";
import { field } from "./looks.ts";
import { Refusal } from "./refusal.tsx";
import { useCall } from "./use-call.ts";
import { useBriefWords } from "./words.ts";

interface Props {
  session: Session;
  /** Something typed is not saved: an upload would not follow it. */
  isDirty: boolean;
  refresh(): void;
}

/** What a brief is called, whether it can be followed, and what is done with it as a whole. */
export function BriefHeader({ session, isDirty, refresh }: Props) {
  const words = useBriefWords();
  const { sessions } = useSideline();
  const [, navigate] = useLocation();
  const nextBrief = useNextBrief();
  const [isRenamed, setRenamed] = useState(false);
  const { isBusy, refusal, run } = useCall();
  const { id, status, brief } = session;
  const isArchived = status === "archived";
  const required = openHoles(brief).filter((hole) => hole.required).length;
  const missing = required > 0 ? words.unanswered(required) : words.saysNothing;
  const hint = isDirty ? words.unsaved : status === "open" ? missing : null;
  const update = (changes: Parameters<typeof sessions.update>[1]) =>
    run(async () => {
      await sessions.update(id, changes);
      refresh();
    });
  return (
    <header className="space-y-3">
      {isRenamed ? (
        <Rename
          title={session.title}
          isBusy={isBusy}
          close={() => setRenamed(false)}
          save={async (title) => (await update({ title })) && setRenamed(false)}
        />
      ) : (
        <div className="flex items-start gap-2">
          <h1 className="line-clamp-3 max-w-4xl pt-1 text-2xl text-pretty font-semibold tracking-tight">
            {nameOf(session) ?? words.untitled}
          </h1>
          <IconButton label={words.rename} onClick={() => setRenamed(true)}>
            <Pencil className="size-4" aria-hidden="true" />
          </IconButton>
        </div>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <BriefStatus status={status} />
        {nextBrief === id ? (
          <span className="inline-flex min-h-touch items-center gap-2 text-sm font-medium text-accent">
            <Check className="size-4" aria-hidden="true" />
            {words.used}
          </span>
        ) : (
          <Button
            look="main"
            disabled={status !== "ready" || isDirty}
            onClick={() => {
              chooseNextBrief(id);
              navigate("/");
            }}
          >
            {words.use}
          </Button>
        )}
        {hint && <span className="text-sm text-soft">{hint}</span>}
        <span className="-ml-3.5 flex flex-wrap sm:ml-auto">
          <Button
            look="bare"
            disabled={isBusy}
            onClick={() => void update({ status: isArchived ? "open" : "archived" })}
          >
            {isArchived ? words.unarchive : words.archive}
          </Button>
          <ConfirmButton
            label={words.remove}
            icon={<Trash2 className="size-4" aria-hidden="true" />}
            warning={words.removeWarning}
            act={async () => {
              await sessions.delete(id);
              if (nextBrief === id) chooseNextBrief(null);
              navigate("/briefs");
            }}
          />
        </span>
      </div>
      <Refusal code={refusal} />
    </header>
  );
}

interface RenameProps {
  title: string;
  isBusy: boolean;
  save(title: string): void;
  close(): void;
}

function Rename({ title, isBusy, save, close }: RenameProps) {
  const words = useBriefWords();
  const [name, setName] = useState(title);
  return (
    <form
      className="flex max-w-2xl flex-wrap gap-2"
      onKeyDown={({ key }) => key === "Escape" && close()}
      onSubmit={(event) => {
        event.preventDefault();
        save(name.trim());
      }}
    >
      <input
        // biome-ignore lint/a11y/noAutofocus: it appears because one pressed a button for it.
        autoFocus
        aria-label={words.name}
        maxLength={200}
        value={name}
        onChange={({ target }) => setName(target.value)}
        className={`${field} min-w-60 flex-1 bg-sheet`}
      />
      <Button type="submit" look="main" disabled={isBusy}>
        {words.save}
      </Button>
      <Button look="bare" onClick={close}>
        {words.cancel}
      </Button>
    </form>
  );
}
