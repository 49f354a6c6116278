import type { Project } from "./rows.ts";

/** A second of the clip with a text and a picture over it. */
export async function startRender(
  { owner }: Project,
  options: object = {},
  picture = "badge.png",
): Promise<number> {
  const call = async (name: string, args: object) => {
    const { data, error } = await owner.client.rpc(name, args);
    if (error) throw error;
    return data;
  };
  const render_job_id = await call("create_render_job", {
    format: "mp4",
    width: 160,
    height: 90,
    fps: 15,
    options,
  });
  const long = "duration_seconds" in options ? { duration_seconds: options.duration_seconds } : {};
  await call("add_render_element", {
    render_job_id,
    element_type: "video",
    source_bucket: "raw",
    source_path: `${owner.id}/clip.mp4`,
    ...long,
  });
  await call("add_render_element", {
    render_job_id,
    element_type: "text",
    layer: 1,
    text: "Ace!",
    width: 80,
    height: 30,
    duration_seconds: 1,
  });
  await call("add_render_element", {
    render_job_id,
    element_type: "image",
    layer: 2,
    x: 120,
    y: 10,
    width: 20,
    height: 20,
    source_bucket: "assets",
    source_path: `${owner.id}/${picture}`,
    duration_seconds: 1,
  });
  await call("start_render", { render_job_id });
  return render_job_id;
}
