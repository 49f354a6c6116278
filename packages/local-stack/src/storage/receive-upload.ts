import { readMultipart } from "./multipart.ts";
import { receiveFile } from "./receive.ts";
import { bodyStream, type Destination, type ReceivedFile } from "./upload-body.ts";
import { parseMetadataHeader } from "./user-metadata.ts";

/** Takes the file of an upload request: the raw body, or the one file of a form. */
export async function receiveUpload(request: Request, to: Destination): Promise<ReceivedFile> {
  const contentType = request.headers.get("content-type") ?? "application/octet-stream";
  if (contentType.toLowerCase().startsWith("multipart/form-data")) {
    return readMultipart(request, contentType, to);
  }

  const userMetadata = parseMetadataHeader(request.headers.get("x-metadata"));
  await to.admit({ mimeType: contentType, userMetadata });
  const size = await receiveFile(bodyStream(request), to.path, to.limitBytes);
  return {
    size,
    mimeType: contentType,
    cacheControl: request.headers.get("cache-control") ?? "no-cache",
    userMetadata,
  };
}
