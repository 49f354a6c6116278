import { readFileSync } from "node:fs";
import { type Edit, jestResults, oldGrants, realtimeResults, type Suite } from "./suite.ts";

/** Those that document, lint, build or drive a browser are of no use here. */
const unused = Object.fromEntries(
  [
    "tsdown",
    "typedoc",
    "jsr",
    "tsd",
    "tstyche",
    "puppeteer",
    "testcontainers",
    "chokidar-cli",
    "@arethetypeswrong/cli",
  ].map((name) => [name, null]),
);

const grants: Edit = { files: /supabase\/migrations\/.*\.sql$/, from: /^/, to: oldGrants };

/** The CLI's gateway lets through what comes without a key; hosted and this one do not. */
const keyForAll = `
const plain = globalThis.fetch;
globalThis.fetch = (input, init = {}) => {
  const headers = new Headers(init.headers);
  if (String(input).startsWith(process.env.SUPABASE_URL) && !headers.has("apikey")) {
    headers.set("apikey", process.env.SUPABASE_PUBLISHABLE_KEY);
  }
  return plain(input, { ...init, headers });
};
`;

/** Runs on Deno as it is now, without what it would load from afar. */
const serve: Edit = {
  files: /functions\/.*\.ts$/,
  from: /import \{ serve \} from 'https:.*'/,
  to: "const serve = Deno.serve",
};

const own = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8");

/** A package of supabase/supabase-js, tested by Jest. */
function core(name: string, more: Partial<Suite> = {}, ...args: string[]): Suite {
  return {
    name,
    folder: `packages/core/${name}`,
    project: "test",
    beside: ["tsconfig.base.json"],
    packages: unused,
    command: ({ report }) => [
      ...["jest", "--json", `--outputFile=${report}`, "--runInBand", "--forceExit"],
      ...["--coverage=false", ...args],
    ],
    results: ({ report }) => jestResults(report),
    ...more,
  };
}

const setup = "--setupFiles=./conformance.setup.cjs";

export const suites: Suite[] = [
  core("storage-js"),
  core(
    "postgrest-js",
    {
      edits: [
        grants,
        { files: /schema\.sql$/, from: /^create extension .* postgis.*$/m, to: "" },
        // No test reads the column; it only has to be there.
        { files: /schema\.sql$/, from: "extensions.geometry(POINT, 4326)", to: "text" },
        {
          files: /schema\.sql$/,
          from: /$/,
          to: `
alter role authenticator set pgrst.db_aggregates_enabled = 'true';
alter role authenticator set pgrst.db_plan_enabled = 'true';
notify pgrst, 'reload config';
`,
        },
      ],
      files: { "conformance.setup.cjs": keyForAll },
    },
    "--testPathIgnorePatterns=test/v12/",
    setup,
  ),
  core(
    "auth-js",
    {
      edits: [
        // The suite signs its API keys by the CLI's signing key; a stack's older keys are HS256.
        {
          files: /lib\/clients\.ts$/,
          from: /\bprivateKey,\s*\{ algorithm: 'RS256', keyid: rsaKey\.kid \}/g,
          to: "GOTRUE_JWT_SECRET,\n  { algorithm: 'HS256' }",
        },
      ],
      files: { "conformance.setup.cjs": keyForAll },
      before: [["node", "test/generate-signing-keys.js"]],
    },
    "--config=jest.config.cli.js",
    setup,
  ),
  core(
    "supabase-js",
    {
      project: ".",
      beside: ["tsconfig.base.json", "packages/shared/tracing"],
      packages: { ...unused, "@supabase/tracing": "file:../../shared/tracing" },
      edits: [
        grants,
        serve,
        {
          files: /supabase\/functions\/.*\.ts$/,
          from: "'@supabase/supabase-js/cors'",
          to: "'npm:@supabase/supabase-js@2.119.0/cors'",
        },
        { files: /supabase\/deno\.json$/, from: /[\s\S]*/, to: "{}" },
      ],
      before: ["tsconfig.json", "tsconfig.module.json"].map((name) => [
        "node_modules/.bin/tsc",
        "-p",
        `../../shared/tracing/${name}`,
      ]),
    },
    "test/integration.test.ts",
    "test/unit",
  ),
  core("functions-js", {
    project: ".",
    edits: [
      serve,
      // Where a function of theirs runs, and the secret of tokens.
      {
        files: /functions\/mirror\/index\.ts$/,
        from: "request.url ?? 'empty'",
        to: "request.url.replace(/^http:..[^/]+/, 'http://localhost:8000')",
      },
      { files: /\.spec\.ts$/, from: "nanoid(10)", to: "process.env.SUPABASE_JWT_SECRET!" },
    ],
    files: { "test/relay/container.ts": own("functions-relay.ts") },
    before: [
      ["mkdir", "-p", "supabase"],
      ["cp", "-R", "test/functions", "supabase/functions"],
    ],
  }),
  {
    name: "storage rls",
    folder: "src/test",
    project: null,
    packages: { "form-data": "4.0.4", "js-yaml": "4.1.0", "tus-js-client": "4.3.1", pg: "8.23.1" },
    files: {
      "conformance.ts": own("storage-server.ts"),
      "vitest.config.ts": own("storage-vitest.ts"),
    },
    command: ({ report }) => [
      "vitest",
      "run",
      "--reporter=json",
      `--outputFile=${report}`,
      "rls.test.ts",
    ],
    results: ({ report }) => jestResults(report),
  },
  {
    name: "realtime-check",
    folder: "test/e2e",
    project: null,
    packages: { bun: "1.4.5" },
    command: ({ stack }) => [
      "bun",
      "run",
      "realtime-check.ts",
      `--url=${stack.apiUrl}`,
      `--db-url=${stack.dbUrl}`,
      `--publishable-key=${stack.publishableKey}`,
      `--secret-key=${stack.secretKey}`,
      "--env=local",
      "--json",
    ],
    results: (_, stdout) => realtimeResults(stdout),
  },
];
