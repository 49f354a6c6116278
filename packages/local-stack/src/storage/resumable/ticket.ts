import { Metadata } from "@tus/server";
import { z } from "zod";
import { invalidRequest } from "../errors.ts";
import type { AnnouncedObject } from "../may-write.ts";
import { parseUserMetadata } from "../user-metadata.ts";

/** What a client says about its upload when it begins, in `Upload-Metadata`. */
const announcement = z.object({
  bucketName: z.string(),
  objectName: z.string(),
  contentType: z.string().min(1).default("application/octet-stream"),
  /** Seconds. */
  cacheControl: z.string().nullish(),
  /** JSON: the application's own metadata. */
  metadata: z.string().nullish(),
});

/** The announcement and who made it: kept beside the bytes, to be held against each request. */
const ticketSchema = announcement.extend({
  role: z.string(),
  owner: z.string().nullable(),
  upsert: z.stringbool(),
  signed: z.stringbool(),
  finished: z.stringbool(),
});

export type Announcement = z.output<typeof announcement>;
export type Ticket = z.output<typeof ticketSchema>;

export function parseAnnouncement(header: string | undefined): Announcement {
  try {
    return announcement.parse(Metadata.parse(header));
  } catch {
    throw invalidRequest("Upload-Metadata must carry bucketName and objectName, each in base64");
  }
}

/** The object that an upload of this length will be, for the policies to judge. */
export function announced(of: Announcement, contentLength: number | undefined): AnnouncedObject {
  return {
    bucket: of.bucketName,
    name: of.objectName,
    userMetadata: parseUserMetadata(of.metadata),
    mimetype: of.contentType,
    contentLength,
  };
}

/** Undefined for what no creation here wrote. */
export function readTicket(
  metadata: Record<string, string | null> | undefined,
): Ticket | undefined {
  return ticketSchema.safeParse(metadata).data;
}

/** TUS keeps text only. */
export function writeTicket(ticket: Ticket): Record<string, string | null> {
  const { upsert, signed, finished, cacheControl, metadata, ...rest } = ticket;
  return {
    ...rest,
    ...(cacheControl != null && { cacheControl }),
    ...(metadata != null && { metadata }),
    upsert: String(upsert),
    signed: String(signed),
    finished: String(finished),
  };
}
