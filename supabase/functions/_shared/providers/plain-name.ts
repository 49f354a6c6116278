import { plainNamePattern } from "@sideline/contracts";

/** What a provider calls itself or its model, if it can be stored; else what we call it. */
export function plainName(name: string | null | undefined, ours: string): string {
  return name && plainNamePattern.test(name) ? name : ours;
}
