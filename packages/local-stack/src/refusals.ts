/** The services behind the gateway; each phrases a refusal in its own way. */
export type Door = "rest" | "auth" | "storage" | "functions" | "realtime";

export type Refusal = "no_key" | "invalid_key" | "invalid_token" | "expired_token" | "no_token";

/** A 401 as the hosted service behind this door words it. */
export function refuse(door: Door, refusal: Refusal): Response {
  return Response.json(bodyOf(door, refusal), { status: 401 });
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
    case "storage":
      return {
        statusCode: "401",
        error: "Unauthorized",
        message: expired ? '"exp" claim timestamp check failed' : "signature verification failed",
      };
    case "rest":
    case "realtime":
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

/** Downloads and uploads whose address carries all that is needed: public objects, signed links. */
export function isOpenStoragePath(method: string, pathname: string): boolean {
  const path = pathname.replace(/^\/storage\/v1/, "");
  if (method === "PUT") return path.startsWith("/object/upload/sign/");
  if (method !== "GET" && method !== "HEAD") return path.startsWith("/upload/resumable/sign");
  return /^\/(object\/(public|sign|info\/public)|render\/image\/(public|sign))\//.test(path);
}
