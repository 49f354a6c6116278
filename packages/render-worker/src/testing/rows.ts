/** What became of a render, as its owner and the service role see it. */
import type { TestGateway } from "@sideline/local-stack/parts";

export interface Project {
  gateway: TestGateway;
  owner: Awaited<ReturnType<TestGateway["user"]>>;
}

export async function jobOf({ owner }: Project, id: number): Promise<Record<string, unknown>> {
  const { data, error } = await owner.client.from("render_jobs").select("*").eq("id", id).single();
  if (error) throw error;
  return data;
}

export async function stepsOf({ owner }: Project, id: number): Promise<string[]> {
  const { data } = await owner.client
    .from("processing_timeline")
    .select("step, outcome")
    .match({ stage: "render", subject_id: id })
    .not("step", "is", null)
    .order("id");
  return (data ?? []).map(({ step, outcome }) => `${step} ${outcome}`);
}

export async function objectsOf({ owner, gateway }: Project, id: number): Promise<string[]> {
  const folder = `${owner.id}/renders/${id}`;
  const { data } = await gateway.service().storage.from("processed").list(folder);
  return (data ?? []).map(({ name }) => `${folder}/${name}`);
}
