/** Steps that take back what a start has done, run once, in reverse order. */
export interface UndoList {
  add(undo: () => Promise<void> | void): void;
  /** Runs all steps even when some fail; then throws the first failure. */
  run(): Promise<void>;
}

export function undoList(): UndoList {
  const steps: (() => Promise<void> | void)[] = [];
  return {
    add: (undo) => {
      steps.push(undo);
    },
    run: async () => {
      const failures: unknown[] = [];
      for (const undo of steps.splice(0).reverse()) {
        try {
          await undo();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
