/** Takes steps in the database and in the model at once, and stops where the two part. */
import { apply, type Outcome } from "./apply.ts";
import { differences, factsOfModel } from "./facts.ts";
import { emptyState, type ModelState, type World } from "./model.ts";
import { listOf, type Operation } from "./operations.ts";
import type { Footing } from "./rows.ts";
import { openSession, type Performed, type Session } from "./session.ts";

/** Where a walk stands, in the model and in the database, and how it came there. */
export interface Position {
  state: ModelState;
  footing: Footing;
  way: readonly Operation[];
}

export interface Walker extends AsyncDisposable {
  world: World;
  session: Session;
  /** Where nothing has happened yet. */
  start: Position;
  /**
   * Performs one operation.
   * @param savepoint where `from` is, if the session stands elsewhere
   * @throws Disagreement
   */
  step(from: Position, operation: Operation, savepoint?: string): Promise<Position>;
}

/** The model and the database disagree; `way` leads there. */
export class Disagreement extends Error {
  readonly way: readonly Operation[];

  constructor(way: readonly Operation[], findings: readonly string[]) {
    super(
      `After\n${listOf(way)}\nthe database is not as the model has it:\n${findings.join("\n")}`,
    );
    this.name = "Disagreement";
    this.way = way;
  }
}

/** @param adminUrl of a clone that nobody else uses */
export async function openWalker(
  adminUrl: string,
  { world: wishes, owners }: { world: Omit<World, "random">; owners: readonly string[] },
): Promise<Walker> {
  const session = await openSession({ adminUrl, settings: wishes.settings, owners });
  const world = { ...wishes, random: session.random };
  return {
    world,
    session,
    start: { state: emptyState(), footing: session.footing, way: [] },
    async step({ state: from, footing, way: before }, operation, savepoint) {
      const expected = apply(world, from, operation);
      const clock = expected.state.now;
      const request = { world, from, operation, footing, clock, savepoint };
      const performed = await session.perform(request);
      const way = [...before, operation];
      const findings = findingsOf(expected, performed);
      if (findings.length > 0) throw new Disagreement(way, findings);
      return { state: expected.state, footing: performed.footing, way };
    },
    [Symbol.asyncDispose]: session.close,
  };
}

/** @throws Disagreement */
export async function follow(
  walker: Walker,
  from: Position,
  operations: readonly Operation[],
): Promise<Position> {
  let position = from;
  for (const operation of operations) position = await walker.step(position, operation);
  return position;
}

/** Asks the database for rows that break a rule. */
export async function keepsRules({ session }: Walker, { way }: Position): Promise<void> {
  const violations = await session.violations();
  if (violations.length > 0) throw new Disagreement(way, violations);
}

/** What an operation did differently from what the model says. */
function findingsOf(expected: Outcome, actual: Performed): string[] {
  const findings = differences(factsOfModel(expected.state), actual.facts);
  if (expected.answer === actual.answer) return findings;
  return [
    `model:    answers "${expected.answer}"`,
    `database: answers "${actual.answer}"`,
    ...findings,
  ];
}
