/** What can be told of a function. */
export interface DatabaseFunction {
  schema: string;
  name: string;
  /** With its schema and arguments. */
  signature: string;
  returns: string;
  isDefiner: boolean;
  comment: string | null;
  /** Roles beside the owner. */
  executors: string[];
}

/** A heading of the page's functions; each function stands under the first that has it. */
export interface FunctionGroup {
  heading: string;
  about: string;
  has(one: DatabaseFunction): boolean;
}

/** What the page about the database says beside what the database knows. */
export interface PageOptions {
  /** Where it is committed, relative to the project's folder. */
  file: string;
  /** The paragraph under its title. */
  intro: string;
  /** By schema: the heading over its tables, and what stands over its diagram. */
  schemas: Readonly<Record<string, { heading: string; diagram?: string }>>;
  /** Groups of functions beside those of users; what is in none is a part of others, and left out. */
  functionGroups: readonly FunctionGroup[];
}

export const defaultPage: PageOptions = {
  file: "docs/database.md",
  intro: "What the migrations make, read back from the database itself.",
  schemas: {},
  functionGroups: [],
};
