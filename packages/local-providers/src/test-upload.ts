/** Uploads `bytes` in one chunk, waits until they were looked into, and returns the file resource. */
export async function uploadVideo(
  url: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Record<string, unknown> & { uri: string; state: string; name: string }> {
  const address = await startUpload(url, bytes.length);
  const sent = await fetch(address, {
    method: "POST",
    headers: { "x-goog-upload-command": "upload, finalize", "x-goog-upload-offset": "0" },
    body: bytes,
  });
  let { file } = await sent.json();
  while (file.state === "PROCESSING") {
    await new Promise((done) => setTimeout(done, 10));
    file = await (await fetch(`${url}/v1beta/${file.name}`, { headers: KEY })).json();
  }
  return file;
}

export const KEY = { "x-goog-api-key": "offline" };

/** Begins a resumable upload of `size` bytes and returns the address to send them to. */
export async function startUpload(url: string, size: number, version = "v1beta"): Promise<string> {
  const response = await fetch(`${url}/upload/${version}/files`, {
    method: "POST",
    headers: {
      ...KEY,
      "x-goog-upload-protocol": "resumable",
      "x-goog-upload-command": "start",
      "x-goog-upload-header-content-length": `${size}`,
      "x-goog-upload-header-content-type": "video/mp4",
    },
    body: JSON.stringify({ file: { displayName: "clip.mp4" } }),
  });
  const address = response.headers.get("x-goog-upload-url");
  if (address === null) throw new Error(`upload refused: ${await response.text()}`);
  return address;
}
