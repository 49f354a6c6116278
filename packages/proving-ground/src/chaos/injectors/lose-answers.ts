import type { PipelineRule } from "../world/wire.ts";
import type { InjectorFactory } from "./injector.ts";

/** Cuts calls of the state machine: on the way there, or, once they are committed, on the way back. */
export const loseAnswers: InjectorFactory = ({ wire }, random) => {
  let lostCalls = 0;
  let lostAnswers = 0;
  let toLose = 0;

  const cut: PipelineRule = async (_call, proceed) => {
    if (toLose === 0) return await proceed();
    toLose -= 1;
    if (random.chance(0.3)) {
      lostCalls += 1;
      return "cut";
    }
    await proceed();
    lostAnswers += 1;
    return "cut";
  };
  wire.addRule(cut);

  return {
    name: "lose-answers",
    every: [400, 2_000],
    async strike() {
      toLose = random.pick([1, 1, 1, 2, 5]);
    },
    async restore() {
      toLose = 0;
    },
    counts: () => ({ "calls cut": lostCalls, "answers lost after the commit": lostAnswers }),
  };
};
