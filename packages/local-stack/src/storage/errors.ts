import pg from "pg";

/**
 * What Storage refuses, in the words hosted Storage uses, so that storage-js and the code built
 * on it cannot tell the difference. `statusCode` in the body is the real status; the HTTP status
 * is 400 (500 for our own failures), as on hosted. Only resumable uploads answer with the real one.
 */
export class StorageError extends Error {
  readonly status: number;
  readonly code: string;
  readonly error: string;
  readonly headers: Record<string, string>;
  readonly httpStatus: number;

  constructor(
    status: number,
    code: string,
    message: string,
    error = code,
    headers: Record<string, string> = {},
    httpStatus = status >= 500 ? 500 : status === 416 ? 416 : 400,
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.error = error;
    this.headers = headers;
    this.httpStatus = httpStatus;
  }

  /** The JSON answer of every route but the resumable ones. */
  toResponse(): Response {
    const body = {
      statusCode: String(this.status),
      code: this.code,
      error: this.error,
      message: this.message,
    };
    return Response.json(body, { status: this.httpStatus, headers: this.headers });
  }

  /** The plain-text answer of resumable uploads, whose clients go by the HTTP status. */
  toTusResponse(): Response {
    // The protocol's own words, as on hosted.
    const message = this.status === 413 ? "Maximum size exceeded" : this.message;
    return new Response(message, {
      status: this.status,
      headers: { "content-type": "text/plain", "tus-resumable": "1.0.0" },
    });
  }
}

const refusal =
  (...refused: ConstructorParameters<typeof StorageError>) =>
  () =>
    new StorageError(...refused);

export const noSuchBucket = refusal(404, "NoSuchBucket", "Bucket not found", "Bucket not found");
/** Also the answer for objects that exist but are not the caller's to see. */
export const noSuchKey = refusal(404, "NoSuchKey", "Object not found", "not_found");
export const noSuchUpload = refusal(404, "NoSuchUpload", "Upload not found");
const alreadyExists = refusal(
  409,
  "ResourceAlreadyExists",
  "The resource already exists",
  "Duplicate",
);
export const bucketNotEmpty = refusal(
  409,
  "ResourceNotEmpty",
  "The bucket you tried to delete is not empty",
);
/** Hosted answers this one with its real status. */
export const wrongRole = refusal(
  403,
  "AccessDenied",
  "Access denied: Invalid role",
  "Unauthorized",
  {},
  403,
);
export const invalidBucketName = refusal(
  400,
  "InvalidBucketName",
  "Bucket name invalid",
  "Invalid Input",
);
export const entityTooLarge = refusal(
  413,
  "EntityTooLarge",
  "The object exceeded the maximum allowed size",
  "Payload too large",
);
export const invalidSignature = refusal(
  400,
  "InvalidSignature",
  "The url do not match the signature",
);
export const analyticsNotAvailable = refusal(
  403,
  "FeatureNotEnabled",
  "Analytics buckets are not available here.",
);
export const imagesNotAvailable = refusal(
  403,
  "FeatureNotEnabled",
  "Image transformations are not available here. Ask for the original object.",
);
export const diskFull = refusal(
  507,
  "InternalError",
  "The disk that holds the stored files is full",
);

export const accessDenied = (message: string) =>
  new StorageError(403, "AccessDenied", message, "Unauthorized");
export const invalidKey = (key: string) =>
  new StorageError(400, "InvalidKey", `Invalid key: ${key}`);
export const invalidRequest = (message: string) => new StorageError(400, "InvalidRequest", message);
export const invalidMimeType = (type: string) =>
  new StorageError(
    415,
    "InvalidMimeType",
    `mime type ${type} is not supported`,
    "invalid_mime_type",
  );
export const invalidRange = (size: number) =>
  new StorageError(416, "InvalidRange", "The requested range is not satisfiable", "invalid_range", {
    "content-range": `bytes */${size}`,
  });
export const invalidJwt = (message: string) => new StorageError(400, "InvalidJWT", message);

/** Turns what Postgres refused (policies, keys) into what hosted Storage says about it. */
export function fromDatabase(error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return error;
  switch (error.code) {
    case "42501":
      return accessDenied(
        error.message.includes("row-level security")
          ? "new row violates row-level security policy"
          : error.message,
      );
    case "23505":
      return alreadyExists();
    case "23503":
      return new StorageError(404, "InvalidRequest", "The related resource does not exist");
    case "57014":
      return new StorageError(544, "DatabaseTimeout", "The connection to the database timed out");
    default:
      return error;
  }
}
