import { invalidBucketName, invalidKey } from "./errors.ts";

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
