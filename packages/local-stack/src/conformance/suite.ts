import type { Stack } from "../stack.ts";
import type { Results } from "./results.ts";

/** A change to files of a copied suite: where it is, with what keys, what its fixtures need. */
export interface Edit {
  /** Paths within the suite, with slashes. */
  files: RegExp;
  from: string | RegExp;
  to: string;
}

export interface Place {
  /** The suite's copy, with its packages installed. */
  folder: string;
  stack: Stack;
  /** A file for the suite's own report. */
  report: string;
}

/** One suite that others wrote for Supabase, and what it needs to meet another stack than theirs. */
export interface Suite {
  name: string;
  /** Folder within a checkout of its repository. */
  folder: string;
  /** Folder within the suite that holds `supabase/`; null where it brings none. */
  project: string | null;
  /** Files of the checkout that the suite refers to. */
  beside?: string[];
  /** npm packages beside those that its manifest names; null leaves one of them out. */
  packages?: Record<string, string | null>;
  edits?: Edit[];
  /** Files of ours that the copy gets, by path. */
  files?: Record<string, string>;
  /** Programs to run in the copy first. */
  before?: string[][];
  /** The program and its arguments; a name without slash is one of the copy's own packages. */
  command(place: Place): string[];
  results(place: Place, stdout: string): Results | Promise<Results>;
}
