import type { Voice } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { briefLimits } from "@sideline/contracts";
import { type ReactNode, useEffect, useState } from "react";
import { languageName, spokenLanguages } from "../home/feedback-language.ts";
import { Button } from "../parts/button.tsx";
import { Notice } from "../parts/notice.tsx";
import { area, field, partHeading, sheet } from "./looks.ts";
import { Refusal } from "./refusal.tsx";
import { RuleFields } from "./rule-fields.tsx";
import { SkipFields } from "./skip-fields.tsx";
import type { BriefForm } from "./use-brief-form.ts";
import { useBriefWords } from "./words.ts";

/** The brief as a form. */
export function BriefFields({ sessionId, form }: { sessionId: number; form: BriefForm }) {
  const words = useBriefWords();
  const { brief, change } = form;
  return (
    <form
      aria-labelledby="brief"
      className={`${sheet} space-y-6`}
      onSubmit={(event) => {
        event.preventDefault();
        form.save();
      }}
    >
      <div className="space-y-4">
        <h2 id="brief" className={partHeading}>
          {words.brief}
        </h2>
        <Labelled label={words.goal}>
          <textarea
            rows={1}
            maxLength={briefLimits.goal}
            placeholder={words.goalHint}
            value={brief.goal}
            onChange={({ target }) => change({ goal: target.value })}
            className={area}
          />
        </Labelled>
        <div className="grid gap-4 sm:grid-cols-3">
          <Labelled label={words.audience}>
            <input
              maxLength={briefLimits.audience}
              placeholder={words.audienceHint}
              value={brief.audience ?? ""}
              onChange={({ target }) => change({ audience: target.value || null })}
              className={field}
            />
          </Labelled>
          <LevelField form={form} />
          <LanguageField form={form} />
        </div>
      </div>
      <RuleFields sessionId={sessionId} form={form} />
      <SkipFields form={form} />
      <SaveBar form={form} />
    </form>
  );
}

function Labelled({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is its child.
    <label className="flex flex-col gap-1.5">
      <span className="text-sm font-medium">{label}</span>
      {children}
    </label>
  );
}

function LevelField({ form: { brief, change } }: { form: BriefForm }) {
  const words = useBriefWords();
  const levels = ["beginner", "intermediate", "advanced", "professional"] as const;
  return (
    <Labelled label={words.level}>
      <select
        value={brief.level ?? ""}
        onChange={({ target }) =>
          change({ level: levels.find((level) => level === target.value) ?? null })
        }
        className={field}
      >
        <option value="">{words.anyLevel}</option>
        {levels.map((level) => (
          <option key={level} value={level}>
            {words.levels[level]}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

/** What there is a voice for, and what the brief has. */
function LanguageField({ form: { brief, change } }: { form: BriefForm }) {
  const words = useBriefWords();
  const sideline = useSideline();
  const [voices, setVoices] = useState<Voice[]>([]);
  useEffect(() => {
    // Without them there is the brief's own.
    sideline.listVoices().then(setVoices, () => {});
  }, [sideline]);
  const tags = spokenLanguages(voices);
  return (
    <Labelled label={words.language}>
      <select
        value={brief.language}
        onChange={({ target }) => change({ language: target.value })}
        className={field}
      >
        {(tags.includes(brief.language) ? tags : [brief.language, ...tags]).map((tag) => (
          <option key={tag} value={tag}>
            {languageName(tag, words.code)}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

function SaveBar({ form }: { form: BriefForm }) {
  const words = useBriefWords();
  const { isDirty, isStale, isBusy, refusal } = form;
  if (!isDirty) return null;
  return (
    <div className="sticky bottom-0 -mx-4 -mb-4 space-y-2 rounded-b-sheet border-t border-line bg-sheet px-4 py-3 sm:-mx-5 sm:-mb-5 sm:px-5">
      {isStale ? (
        <Notice
          actions={
            <Button look="main" disabled={isBusy} onClick={form.loadNewer}>
              {words.loadNewer}
            </Button>
          }
        >
          {words.stale}
        </Notice>
      ) : (
        <>
          {refusal === "invalid_request" ? (
            <Notice>{words.tooMuch}</Notice>
          ) : (
            <Refusal code={refusal} />
          )}
          <div className="flex flex-wrap items-center gap-2">
            <p className="mr-auto text-sm text-soft">{words.notSaved}</p>
            <Button look="bare" disabled={isBusy} onClick={form.discard}>
              {words.discard}
            </Button>
            <Button type="submit" look="main" disabled={isBusy}>
              {words.saveBrief}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
