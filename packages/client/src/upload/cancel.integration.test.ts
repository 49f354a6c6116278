import type { Database } from "@sideline/database";
import { createUser } from "@sideline/proving-ground/testing";
import { createClient } from "@supabase/supabase-js";
import { expect, inject, test } from "vitest";
import { createSideline } from "../sideline.ts";
import { memoryUrlStorage } from "./test-url-storage.ts";

const stack = inject("stack");

test("cancelled while its row is being completed, it does not end as complete", async () => {
  const user = await createUser(stack, "uploader");
  let cancelled: Promise<void> | undefined;
  const client = createClient<Database>(stack.apiUrl, stack.publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    global: {
      fetch(input, init) {
        if (String(init?.body).includes('"upload_status":"completed"')) {
          cancelled = upload.cancel();
        }
        return fetch(input, init);
      },
    },
  });
  await client.auth.signInWithPassword(user);
  const file = new File([new Uint8Array(1000)], "short.mp4", { type: "video/mp4" });
  const upload = createSideline(client, { urlStorage: memoryUrlStorage() }).upload(file);
  const seen: string[] = [];
  upload.store.subscribe(({ status }) => void seen.push(status));

  await expect(upload.whenDone()).rejects.toThrow("cancelled");
  await cancelled;

  expect(seen).not.toContain("completed");
  const { data } = await user.client.from("video_recordings").select("id");
  expect(data).toEqual([]);
});
