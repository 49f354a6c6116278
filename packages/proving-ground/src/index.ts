/** What the documentation shows of the state machine that the walks walk. */
export { withTransitions } from "./walk/state-machine.ts";

export { readObstacles, withObstacles } from "./scale/obstacles.ts";
