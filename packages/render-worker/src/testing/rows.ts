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

export async function stepsOf({ owner }: Project, id: number) {
  const { data } = await owner.client
    .from("processing_timeline")
    .select("step, outcome, details")
    .match({ stage: "render", subject_id: id })
    .not("step", "is", null)
    .order("id");
  return (data ?? []).map(({ step, ...rest }) => ({ step: String(step), ...rest }));
}

/** The files of a render, but for those that stage `erase` was asked to erase. */
export async function filesOf({ owner, gateway }: Project, id: number): Promise<string[]> {
  const { rows } = await gateway.sql.run(
    `select o.name from storage.objects as o
     where o.bucket_id = 'processed' and starts_with(o.name, $1) and not exists (
       select from pipeline.erasures as e where e.bucket = o.bucket_id and e.path = o.name
     )`,
    [`${owner.id}/renders/${id}/`],
  );
  return rows.map(({ name }) => String(name));
}

/** The file that a render names, as an entry of `filesOf`. */
export async function namedBy(project: Project, id: number): Promise<unknown[]> {
  return [(await jobOf(project, id)).output_path];
}
