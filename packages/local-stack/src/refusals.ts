import { authError } from "./auth/refusal.ts";

/** The services behind the gateway; each phrases a refusal in its own way. */
export type Door = "rest" | "auth" | "storage" | "functions";

export type Refusal = "no_key" | "invalid_key" | "invalid_token" | "expired_token" | "no_token";

/** What is wrong with a token, in the words of the library that read it, and how many parts it has. */
interface Fault {
  reason?: string | undefined;
  parts?: number | undefined;
}

/** A refusal as the hosted service behind this door words it. */
export function refuse(door: Door, refusal: Refusal, fault: Fault = {}): Response {
  if (door === "storage" && refusal !== "invalid_key") return refuseStorage(refusal, fault.reason);
  if (refusal === "invalid_token" || refusal === "expired_token") {
    if (door === "auth") return refuseAuth(fault);
    if (door === "rest") return refuseRest(fault);
  }
  return Response.json(bodyOf(door, refusal), { status: 401 });
}

/** Auth names the fault as the library of its language does. */
function refuseAuth({ reason = "", parts = 3 }: Fault): Response {
  const [, claim] = /^"(exp|nbf|iat)" claim/.exec(reason) ?? [];
  const faults: Record<string, string> = {
    exp: "token has invalid claims: token is expired",
    nbf: "token has invalid claims: token is not valid yet",
  };
  const found =
    parts === 3
      ? (faults[claim ?? ""] ?? "token signature is invalid")
      : "token is malformed: token contains an invalid number of segments";
  return authError(403, "bad_jwt", `invalid JWT: unable to parse or verify signature, ${found}`);
}

function refuseRest({ reason = "", parts = 3 }: Fault): Response {
  const [, claim, what] = /^"(exp|nbf|iat)" claim (.*)$/.exec(reason) ?? [];
  const error =
    claim !== undefined
      ? { code: "PGRST303", message: claimFault(claim, what), details: null }
      : parts !== 3
        ? {
            code: "PGRST301",
            message: `Expected 3 parts in JWT; got ${parts}`,
            details: null,
          }
        : {
            code: "PGRST301",
            message: "No suitable key or wrong key type",
            details: "None of the keys was able to decode the JWT",
          };
  const description = `error_description=${JSON.stringify(error.message)}`;
  const headers = { "www-authenticate": `Bearer error="invalid_token", ${description}` };
  return Response.json({ ...error, hint: null }, { status: 401, headers });
}

function claimFault(claim: string, what = ""): string {
  if (what.includes("must be a number")) return `The JWT '${claim}' claim must be a number`;
  return claim === "exp" ? "JWT expired" : "JWT not yet valid";
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
  return refusal === "invalid_key"
    ? {
        message: "Invalid API key",
        hint: "Use the publishable or the secret key that this stack prints when it starts.",
      }
    : {
        message: "No API key found in request",
        hint: "No `apikey` request header or url param was found.",
      };
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
