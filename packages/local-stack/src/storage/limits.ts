import {
  entityTooLarge,
  invalidBucketName,
  invalidKey,
  invalidMimeType,
  invalidRequest,
} from "./errors.ts";

/** What a bucket accepts; null means anything. */
export interface BucketLimits {
  /** Bytes. */
  file_size_limit: number | null;
  /** For example `video/mp4`, `video/*` or any type. */
  allowed_mime_types: string[] | null;
}

/** What an object of this name may be; the name by which Studio keeps an empty folder may be anything but large. */
export function limitsOf(bucket: BucketLimits, name: string, everywhere: number | null) {
  if (name.endsWith(".emptyFolderPlaceholder"))
    return { file_size_limit: 0, allowed_mime_types: null };
  const { allowed_mime_types } = bucket;
  const sizes = [bucket.file_size_limit, everywhere].filter((size) => size !== null);
  return { file_size_limit: sizes.length === 0 ? null : Math.min(...sizes), allowed_mime_types };
}

const unitBytes = new Map([
  ["gb", 1e9],
  ["mb", 1e6],
  ["kb", 1e3],
  ["b", 1],
]);

/** A bucket's limit as clients send it: bytes, or text such as `20MB`. */
export function parseFileSize(size: number | string | null | undefined): number | null {
  if (size === null || size === undefined || size === "") return null;
  if (typeof size === "number") return size;
  if (/^\d+$/.test(size)) return Number(size);
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(gb|mb|kb|b)$/i.exec(size) ?? [];
  const factor = unitBytes.get(unit?.toLowerCase() ?? "");
  if (amount === undefined || factor === undefined) {
    throw invalidRequest("Invalid file size format, hint: use 20GB / 20MB / 30KB / 3B");
  }
  return Math.round(Number(amount) * factor);
}

/** Parameters (`; codecs=…`) and letter case do not count. */
export function checkMimeType(mimeType: string, limits: BucketLimits): void {
  const allowedTypes = limits.allowed_mime_types ?? [];
  if (allowedTypes.length === 0) return;
  const essence = mimeType.split(";", 1).join("").trim().toLowerCase();
  const [type, subtype] = essence.split("/");
  const accepted =
    Boolean(type && subtype) &&
    allowedTypes.some((allowed) => {
      const [allowedType, allowedSubtype] = allowed.toLowerCase().split("/");
      const typeMatches = allowedType === "*" || allowedType === type;
      return typeMatches && (allowedSubtype === "*" || allowedSubtype === subtype);
    });
  if (!accepted) throw invalidMimeType(mimeType);
}

export function checkSize(bytes: number, limits: Pick<BucketLimits, "file_size_limit">) {
  if (limits.file_size_limit !== null && bytes > limits.file_size_limit) throw entityTooLarge();
}

// What S3 calls safe characters, and those that need special handling: hosted allows both.
const keyCharacters = /^[\w/!\-.*'() &$@=;:+,?]+$/;
const bucketCharacters = /^[\w!\-.*'() &$@=;:+,?]+$/;

/** Object names are keys, never file paths; still, `..` and empty folders are nobody's intention. */
export function parseKey(key: string): string {
  const valid =
    keyCharacters.test(key) &&
    key.length <= 1024 &&
    key.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (!valid) throw invalidKey(key);
  return key;
}

export function parseBucketName(name: string): string {
  const valid = bucketCharacters.test(name) && name.length <= 100 && name.trim() === name;
  if (!valid) throw invalidBucketName();
  return name;
}
