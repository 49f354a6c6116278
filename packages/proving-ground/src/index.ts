/** What the documentation shows of the state machine that the walks walk. */

export { readObstacles, withObstacles } from "./scale/obstacles.ts";
export { withTransitions } from "./walk/state-machine.ts";
