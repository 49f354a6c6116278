/** What `--brief` does: has a brief drafted from a person's words, and its questions answered. */
import { friendlyProblem, type Sideline } from "@sideline/client";
import { type Brief, openHoles, type SessionDraft } from "@sideline/contracts";
import { DemoFailure, type DemoSession } from "./demo-result.ts";
import type { Screen } from "./screen/screen.ts";
import { showBrief } from "./show-brief.ts";

/** As in the database. */
const mostCharacters = 4000;
/** Gives up when nothing of a draft has changed for so long. */
const patienceMs = 120_000;

/** @throws DemoFailure in one sentence, before anything is started */
export function checkedRequest(text: string): string {
  const { length } = [...text];
  if (!/\S/.test(text)) {
    throw new DemoFailure("invalid_request", "The brief is empty: say what to look for.");
  }
  if (length <= mostCharacters) return text;
  throw new DemoFailure(
    "invalid_request",
    `The brief has ${length} characters: at most ${mostCharacters} can be drafted from.`,
  );
}

/**
 * A session whose brief was drafted by the model. Nobody is there to answer its questions, so what
 * the draft suggests is taken, and what it suggests nothing for is left open.
 */
export async function workOutBrief(
  sideline: Sideline,
  request: string,
  screen: Screen,
): Promise<Omit<DemoSession, "revision" | "summary">> {
  const { id } = await sideline.sessions.create({ title: "Demo", request });
  const { id: draftId } = await sideline.sessions.saveDraft(id);
  const draft = await whenDrafted(sideline, id, draftId, screen);
  const brief = await takeSuggestions(sideline, id);
  const { resolutions } = await sideline.sessions.history(id);
  const answers = brief.holes.map(({ id: holeId, question, answer: value }) => {
    const method = resolutions.find((one) => one.holeId === holeId)?.method ?? "open";
    return { holeId, question, value, method };
  });
  const session = { id, brief, draft: factsOf(draft), answers };
  showBrief(screen, session);
  return session;
}

/** Waits for the model; each answer then is a revision that follows the one before. */
async function takeSuggestions(sideline: Sideline, id: number): Promise<Brief> {
  let { brief, revision } = await sideline.sessions.get(id);
  for (const hole of openHoles(brief).filter((one) => one.default !== null)) {
    const answer = { base: revision, holeId: hole.id };
    ({ brief, revision } = await sideline.sessions.saveResolution(id, answer));
  }
  return brief;
}

async function whenDrafted(
  sideline: Sideline,
  sessionId: number,
  draftId: number,
  screen: Screen,
): Promise<SessionDraft> {
  const { store, hold } = sideline.session(sessionId);
  const letGo = hold();
  const { promise, resolve, reject } = Promise.withResolvers<SessionDraft>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown: string | null = null;
  const giveUp = () => reject(new DemoFailure("internal_error", "Nothing came of the draft."));
  const look = () => {
    const draft = store.getState().drafts.find(({ id }) => id === draftId);
    const now = draft ? `${draft.status} ${draft.errorCode ?? ""}`.trim() : "queued";
    if (now === shown) return;
    shown = now;
    screen.live(`Drafting the brief: ${now}`);
    clearTimeout(timer);
    timer = setTimeout(giveUp, patienceMs);
    if (draft?.status === "completed") resolve(draft);
    if (draft?.status === "failed") reject(failureOf(draft));
  };
  const unsubscribe = store.subscribe(look);
  look();
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    unsubscribe();
    await letGo();
  }
}

function failureOf({ errorCode }: SessionDraft): DemoFailure {
  const code = errorCode ?? "internal_error";
  const { sentence } = friendlyProblem(code);
  return new DemoFailure(code, `The brief could not be drafted: ${sentence}`);
}

function factsOf(draft: SessionDraft): DemoSession["draft"] {
  const { id, model, promptVersion, inputTokens, outputTokens } = draft;
  const { costMicros, milliseconds, validation, isRepaired } = draft;
  const tokens = { inputTokens, outputTokens };
  return { id, model, promptVersion, ...tokens, costMicros, milliseconds, validation, isRepaired };
}
