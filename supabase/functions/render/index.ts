import { serve } from "../_shared/http/serve.ts";
import { edgeRuntime } from "../_shared/runtime.ts";
import { build, buildOpen } from "./wiring.ts";

export default serve({ name: "render", accepts: ["user"], build, buildOpen }, edgeRuntime());
