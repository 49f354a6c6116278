/** Vitest's configuration in the copy of supabase/storage's policy test. Copied there. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: [
      {
        find: /^(@internal\/.*|@storage\/.*|@aws-sdk\/client-s3|\.\.\/(app|config|storage)|\.\/common)$/,
        replacement: fileURLToPath(new URL("./conformance.ts", import.meta.url)),
      },
    ],
  },
  test: { globals: true, testTimeout: 20_000, hookTimeout: 30_000 },
});
