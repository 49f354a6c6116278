import { randomBytes } from "node:crypto";
import type { SupabaseClient } from "@supabase/supabase-js";
import postgres from "postgres";
import { createServiceClient } from "../../../../scripts/test/support/create-user.ts";
import type { TestStack } from "../../../../scripts/test/test-stack.ts";

type FileApi = ReturnType<SupabaseClient["storage"]["from"]>;

/** A private bucket of one test, in which users own the folder named by their id. */
export interface TestBucket {
  id: string;
  /** Its files as the secret key sees them. */
  files: FileApi;
  /** Name of its policy on `storage.objects`. */
  policy: string;
  drop(): Promise<void>;
}

/** Call `drop()` in `afterAll`. */
export async function createTestBucket(
  stack: TestStack,
  options: {
    public?: boolean;
    fileSizeLimit?: number | string;
    allowedMimeTypes?: string[];
    /** What users may do in their folder. */
    rights?: "all" | "select" | "insert" | "none";
  } = {},
): Promise<TestBucket> {
  const { rights = "all", public: isPublic = false, ...limits } = options;
  const id = `test-${randomBytes(6).toString("hex")}`;
  const { storage } = createServiceClient(stack);
  const { error } = await storage.createBucket(id, { public: isPublic, ...limits });
  if (error) throw error;

  const policy = `owners of folders in ${id}`;
  const mine = `bucket_id = '${id}' and (storage.foldername(name))[1] = (select auth.uid())::text`;
  const clauses = {
    all: `for all to authenticated using (${mine}) with check (${mine})`,
    select: `for select to authenticated using (${mine})`,
    insert: `for insert to authenticated with check (${mine})`,
    none: `for select to authenticated using (false)`,
  };
  await runSql(stack, `create policy "${policy}" on storage.objects ${clauses[rights]}`);

  return {
    id,
    files: storage.from(id),
    policy,
    async drop() {
      await storage.emptyBucket(id);
      await storage.deleteBucket(id);
      await runSql(stack, `drop policy if exists "${policy}" on storage.objects`);
    },
  };
}

/** Runs a statement as superuser. */
export async function runSql(stack: TestStack, statement: string): Promise<void> {
  const sql = postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(statement);
  } finally {
    await sql.end();
  }
}
