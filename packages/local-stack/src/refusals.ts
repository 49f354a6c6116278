/** The services behind the gateway; each phrases a refusal in its own way. */
export type Door = "rest" | "auth" | "storage" | "functions";

export type Refusal = "no_key" | "invalid_key" | "invalid_token" | "expired_token" | "no_token";

/**
 * A refusal as the hosted service behind this door words it.
 * @param reason what is wrong with the token, in the words of the library that read it
 */
export function refuse(door: Door, refusal: Refusal, reason?: string): Response {
  if (door === "storage" && refusal !== "invalid_key") return refuseStorage(refusal, reason);
  return Response.json(bodyOf(door, refusal), { status: 401 });
}

/** Storage's HTTP status is 400 whatever the body says; no token counts as a malformed one. */
function refuseStorage(refusal: Refusal, reason = "signature verification failed"): Response {
  const message = refusal === "no_key" || refusal === "no_token" ? "Invalid Compact JWS" : reason;
  const body = { statusCode: "403", code: "AccessDenied", error: "Unauthorized", message };
  return Response.json(body, { status: 400 });
}

function bodyOf(door: Door, refusal: Refusal): Record<string, unknown> {
  if (door === "functions") {
    const message =
      refusal === "no_key" || refusal === "no_token"
        ? "Missing authorization header"
        : "Invalid JWT";
    return { code: 401, message };
  }
  if (refusal === "no_key" || refusal === "no_token") {
    return {
      message: "No API key found in request",
      hint: "No `apikey` request header or url param was found.",
    };
  }
  if (refusal === "invalid_key") {
    return {
      message: "Invalid API key",
      hint: "Use the publishable or the secret key that this stack prints when it starts.",
    };
  }
  const expired = refusal === "expired_token";
  switch (door) {
    case "auth":
      return {
        code: 401,
        error_code: "bad_jwt",
        msg: `invalid JWT: unable to parse or verify signature, ${
          expired ? "token has invalid claims: token is expired" : "token signature is invalid"
        }`,
      };
    default:
      return expired
        ? { code: "PGRST303", message: "JWT expired", details: null, hint: null }
        : {
            code: "PGRST301",
            message: "No suitable key or wrong key type",
            details: "None of the keys was able to decode the JWT",
            hint: null,
          };
  }
}

/** Addresses that carry all that is needed (public objects, signed links), or tell of the service. */
export function isOpenStoragePath(method: string, pathname: string): boolean {
  const path = pathname.replace(/^\/storage\/v1/, "");
  if (path.startsWith("/upload/resumable/sign")) return true;
  if (method === "PUT") return path.startsWith("/object/upload/sign/");
  if (method !== "GET" && method !== "HEAD") return false;
  // Of `/object/<bucket>/…`, Storage itself serves public buckets to anybody.
  return (
    path === "/status" ||
    path === "/version" ||
    /^\/object\/(?!(info\/)?authenticated\/)/.test(path) ||
    /^\/render\/image\/(public|sign)\//.test(path)
  );
}

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
