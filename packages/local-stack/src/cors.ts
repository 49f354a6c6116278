const exposed = [
  "Content-Encoding",
  "Content-Length",
  "Content-Location",
  "Content-Range",
  "Content-Type",
  "Date",
  "ETag",
  "Link",
  "Location",
  "Preference-Applied",
  "Range-Unit",
  "Server",
  "Transfer-Encoding",
  "X-Total-Count",
  "X-Supabase-Api-Version",
  "SB-Request-Id",
  "Tus-Version",
  "Tus-Resumable",
  "Tus-Max-Size",
  "Tus-Extension",
  "Upload-Expires",
  "Upload-Length",
  "Upload-Metadata",
  "Upload-Offset",
].join(", ");

/** Answers a browser's question before a request: every origin, method and header is welcome. */
export function answerPreflight(request: Request): Response {
  const wanted = request.headers.get("access-control-request-headers");
  const headers = new Headers({
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, HEAD, PUT, PATCH, POST, DELETE, OPTIONS, TRACE, CONNECT",
    "access-control-max-age": "3600",
    vary: "Access-Control-Request-Headers",
  });
  if (wanted !== null) headers.set("access-control-allow-headers", wanted);
  return new Response(null, { status: 200, headers });
}

/** The same answer, readable by a page of any origin. */
export function withCors(response: Response): Response {
  const headers = new Headers(response.headers);
  headers.set("access-control-allow-origin", "*");
  headers.set("access-control-expose-headers", exposed);
  const { status, statusText, body } = response;
  return new Response(body, { status, statusText, headers });
}
