import { createSideline, SidelineProvider } from "@sideline/client/react";
import type { Database } from "@sideline/database";
import { createClient } from "@supabase/supabase-js";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { type Config, loadConfig } from "./config.ts";
import { loadRecordingPage } from "./load-recording-page.ts";
import { ErrorBoundary } from "./parts/error-boundary.tsx";

const container = document.querySelector("#root");
if (!container) throw new Error("The page has no #root.");
const root = createRoot(container);
// Side by side with what it will need.
if (location.hash.startsWith("#/recordings/")) loadRecordingPage().catch(() => {});
loadConfig().then(show, (error: unknown) => {
  root.render(<p className="p-8">{error instanceof Error ? error.message : String(error)}</p>);
});

function show({ supabaseUrl, publishableKey }: Config): void {
  const supabase = createClient<Database>(supabaseUrl, publishableKey);
  root.render(
    <StrictMode>
      <ErrorBoundary>
        <SidelineProvider sideline={createSideline(supabase)}>
          <App />
        </SidelineProvider>
      </ErrorBoundary>
    </StrictMode>,
  );
}
