import { createContext, createElement, type ReactNode, useContext } from "react";
import type { Sideline } from "../sideline.ts";

const SidelineContext = createContext<Sideline | null>(null);

/** Gives the hooks below it the app's one `createSideline(supabase)`. */
export function SidelineProvider(props: { sideline: Sideline; children?: ReactNode }) {
  return createElement(SidelineContext, { value: props.sideline }, props.children);
}

/** @throws Error outside of a SidelineProvider */
export function useSideline(): Sideline {
  const sideline = useContext(SidelineContext);
  if (!sideline) throw new Error("Hooks of @sideline/client need a SidelineProvider above them.");
  return sideline;
}
