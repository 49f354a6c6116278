import type { Caller } from "../caller.ts";

/** What hosted Storage calls each route, as `storage.operation()` tells it to policies. */
const operations: [methods: string, path: RegExp, name: string][] = [
  ["POST", /^\/bucket\/?$/, "storage.bucket.create"],
  ["GET HEAD", /^\/bucket\/?$/, "storage.bucket.list"],
  ["POST", /^\/bucket\/[^/]+\/empty$/, "storage.bucket.empty"],
  ["GET HEAD", /^\/bucket\//, "storage.bucket.get"],
  ["PUT", /^\/bucket\//, "storage.bucket.update"],
  ["DELETE", /^\/bucket\//, "storage.bucket.delete"],
  ["POST", /^\/object\/list\//, "storage.object.list"],
  ["POST", /^\/object\/list-v2\//, "storage.object.list_v2"],
  ["POST", /^\/object\/move$/, "storage.object.move"],
  ["POST", /^\/object\/copy$/, "storage.object.copy"],
  ["POST", /^\/object\/upload\/sign\//, "storage.object.sign_upload_url"],
  ["PUT", /^\/object\/upload\/sign\//, "storage.object.upload_signed"],
  ["POST", /^\/object\/sign\/[^/]+\/./, "storage.object.sign"],
  ["POST", /^\/object\/sign\//, "storage.object.sign_many"],
  ["GET HEAD", /^\/object\/sign\//, "storage.object.get_signed"],
  ["GET", /^\/object\/public\//, "storage.object.get_public"],
  ["HEAD", /^\/object\/public\//, "storage.object.info_public"],
  ["GET HEAD", /^\/object\/info\/public\//, "storage.object.info_public"],
  ["GET HEAD", /^\/object\/info\//, "object.get_authenticated_info"],
  ["GET", /^\/object\//, "storage.object.get_authenticated"],
  ["HEAD", /^\/object\//, "object.head_authenticated_info"],
  ["POST", /^\/object\//, "storage.object.upload"],
  ["PUT", /^\/object\//, "storage.object.upload_update"],
  ["DELETE", /^\/object\/[^/]+\/./, "storage.object.delete"],
  ["DELETE", /^\/object\//, "storage.object.delete_many"],
  ["POST", /^\/upload\/resumable/, "storage.tus.upload.create"],
  ["PATCH", /^\/upload\/resumable/, "storage.tus.upload.part"],
  ["GET HEAD", /^\/upload\/resumable/, "storage.tus.upload.get"],
  ["DELETE", /^\/upload\/resumable/, "storage.tus.upload.delete"],
];

export function operationOf(method: string, path: string): string {
  const found = operations.find(
    ([methods, pattern]) => methods.split(" ").includes(method) && pattern.test(path),
  );
  return found?.[2] ?? "";
}

/** The caller with what policies and triggers on Storage's tables may ask about the request. */
export function withRequest(caller: Caller, request: Request): Caller {
  const { pathname, search } = new URL(request.url);
  const settings = {
    "request.method": request.method,
    "request.path": pathname + search,
    "request.headers": JSON.stringify(Object.fromEntries(request.headers)),
    "storage.operation": operationOf(request.method, pathname),
    // A trigger refuses deletes that do not come from Storage: they would leave the files behind.
    "storage.allow_delete_query": "true",
  };
  return { ...caller, settings };
}
