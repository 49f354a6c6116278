/** What tests of every package share: the stack that they run against, people and databases of their own. */
export { type Random, seededRandom } from "../chaos/random.ts";
export { type ClonedDatabase, cloneDatabase } from "./clone-database.ts";
export {
  createAnonymousClient,
  createServiceClient,
  createUser,
  type TestUser,
} from "./create-user.ts";
export { type Line, openLine } from "./line.ts";
export { insertSampleRows } from "./sample-rows.ts";
export { stageResults } from "./stage-results.ts";
export { TEMPLATE_DATABASE, type TestStack } from "./test-stack.ts";
