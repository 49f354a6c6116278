import { randomBytes } from "node:crypto";
import type { TestStack } from "@sideline/proving-ground/testing";
import { createServiceClient } from "@sideline/proving-ground/testing";
import postgres from "postgres";

export type TestBucket = Awaited<ReturnType<typeof createTestBucket>>;

/**
 * A private bucket of one test, in which users own the folder named by their id. Call `drop()` in
 * `afterAll`.
 */
export async function createTestBucket(
  stack: TestStack,
  options: {
    public?: boolean;
    fileSizeLimit?: number | string;
    allowedMimeTypes?: string[];
    /** What users may do in their folder. */
    rights?: "all" | "select" | "insert" | "none";
  } = {},
) {
  const { rights = "all", public: isPublic = false, ...limits } = options;
  await createPolicies(stack);
  const id = `test-${rights}-${randomBytes(6).toString("hex")}`;
  const { storage } = createServiceClient(stack);
  const { error } = await storage.createBucket(id, { public: isPublic, ...limits });
  if (error) throw error;
  return {
    id,
    /** Its files as the secret key sees them. */
    files: storage.from(id),
    async drop(): Promise<void> {
      await storage.emptyBucket(id);
      await storage.deleteBucket(id);
    },
  };
}

/**
 * The policies of all test buckets, told apart by their buckets' names: made once a run, because
 * creating one locks `storage.objects` against everybody. Suspended users have no rights.
 */
async function createPolicies(stack: TestStack): Promise<void> {
  const mine = (rights: string) => `
    bucket_id like 'test-${rights}-%'
    and (storage.foldername(name))[1] = (select auth.uid())::text
    and (select auth.jwt()) ->> 'suspended' is null`;
  const sql = postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });
  try {
    await sql.begin(async (tx) => {
      await tx`select pg_advisory_xact_lock(hashtext('policies of test buckets'))`;
      const [made] = await tx`select from pg_policies where policyname = 'test: all'`;
      if (made) return;
      await tx.unsafe(`
        create policy "test: all" on storage.objects for all to authenticated
          using (${mine("all")}) with check (${mine("all")});
        create policy "test: select" on storage.objects for select to authenticated
          using (${mine("select")});
        create policy "test: insert" on storage.objects for insert to authenticated
          with check (${mine("insert")});
      `);
    });
  } finally {
    await sql.end();
  }
}
