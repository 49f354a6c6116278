import { createSideline, SidelineProvider } from "@sideline/client/react";
import type { Database } from "@sideline/database";
import { createClient } from "@supabase/supabase-js";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { loadConfig } from "./config.ts";

const root = document.querySelector("#root");
if (!root) throw new Error("The page has no #root.");
const { supabaseUrl, publishableKey } = await loadConfig();
const supabase = createClient<Database>(supabaseUrl, publishableKey);
createRoot(root).render(
  <StrictMode>
    <SidelineProvider sideline={createSideline(supabase)}>
      <App />
    </SidelineProvider>
  </StrictMode>,
);
