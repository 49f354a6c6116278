import { type Catalogue, fullName, ofTable, type View } from "../catalogue.ts";
import { shortType } from "../expressions.ts";
import { code, link, table } from "../markdown.ts";
import { grantLines, policyLines } from "./table.ts";

/** A view in a line: what it holds, its columns, whose rights it reads with, who may read it. */
export function viewLine(catalogue: Catalogue, view: View): string {
  const columns = view.columns.map(({ name, type }) => `${code(name)} ${shortType(type)}`);
  const grants = grantLines(ofTable(catalogue.grants, view)).join("; ");
  return `- **${fullName(view)}**: ${view.comment ?? ""} Columns: ${columns.join(", ")}. Reads with the rights of ${view.isInvoker ? "its reader" : "its owner"}. Grants: ${grants}.`;
}

/** Buckets and the policies on their objects. */
export function storageSection({ buckets, policies }: Catalogue): string {
  const onObjects = policies.filter(({ schema }) => schema === "storage");
  return [
    "## Storage",
    "The first folder of an object's name is its owner's id.",
    table(
      ["bucket", "public", "largest object", "media types"],
      buckets.map(({ name, isPublic, bytes, mediaTypes }) => [
        code(name),
        isPublic ? "yes" : "no",
        bytes === null ? "" : `${bytes / 1024 / 1024} MiB`,
        mediaTypes?.map(code).join(", ") ?? "any",
      ]),
    ),
    "**Policies on `storage.objects`**",
    policyLines(onObjects, true)
      .map((line) => `- ${line}`)
      .join("\n"),
  ].join("\n\n");
}

export function realtimeSection({ published }: Catalogue): string {
  const names = published.map(({ schema, table: name }) => link(fullName({ schema, name })));
  return [
    "## Realtime",
    `Changes of ${names.join(", ")} are sent to readers whose policies let them see the row; see [Realtime](realtime.md).`,
  ].join("\n\n");
}
