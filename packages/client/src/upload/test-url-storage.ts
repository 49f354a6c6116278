import type { PreviousUpload, UrlStorage } from "tus-js-client";

/** What a browser keeps of unfinished uploads in localStorage: it outlives the app, not the test. */
export function memoryUrlStorage(): UrlStorage & { size(): number } {
  const kept = new Map<string, { fingerprint: string; upload: string }>();
  let count = 0;
  const parse = (key: string, text: string): PreviousUpload => ({
    ...JSON.parse(text),
    urlStorageKey: key,
  });
  const find = (isWanted: (fingerprint: string) => boolean) =>
    [...kept].flatMap(([key, { fingerprint, upload }]) =>
      isWanted(fingerprint) ? [parse(key, upload)] : [],
    );
  return {
    size: () => kept.size,
    findAllUploads: async () => find(() => true),
    findUploadsByFingerprint: async (wanted) => find((fingerprint) => fingerprint === wanted),
    async removeUpload(key) {
      kept.delete(key);
    },
    async addUpload(fingerprint, upload) {
      count += 1;
      kept.set(String(count), { fingerprint, upload: JSON.stringify(upload) });
      return String(count);
    },
  };
}
