import { serve } from "../_shared/http/serve.ts";
import { edgeRuntime } from "../_shared/runtime.ts";
import { build } from "./wiring.ts";

export default serve({ name: "draftWorker", accepts: ["secret"], build }, edgeRuntime());
