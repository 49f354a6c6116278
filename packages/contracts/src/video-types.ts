/** A kind of video file that is accepted, from the picker to the model. */
export interface VideoType {
  /** What it is called where people read it. */
  name: string;
  /** The media type in Storage; bucket `raw` takes these and no others. */
  mediaType: string;
  /** What browsers and tools call it otherwise. */
  aliases: readonly string[];
  /** Lower case, without the dot. */
  extensions: readonly string[];
  /** What Gemini calls it: it takes no other spelling. */
  geminiType: string;
}

/**
 * The one list of accepted videos, by container: those that Gemini takes and every browser plays or
 * hands over. All other kinds, Matroska and AVI among them, are refused at the door.
 */
export const videoTypes = {
  mp4: {
    name: "MP4",
    mediaType: "video/mp4",
    aliases: ["video/x-m4v"],
    extensions: ["mp4", "m4v"],
    geminiType: "video/mp4",
  },
  quicktime: {
    name: "MOV",
    mediaType: "video/quicktime",
    aliases: ["video/mov"],
    extensions: ["mov", "qt"],
    geminiType: "video/mov",
  },
  webm: {
    name: "WebM",
    mediaType: "video/webm",
    aliases: [],
    extensions: ["webm"],
    geminiType: "video/webm",
  },
  "3gpp": {
    name: "3GP",
    mediaType: "video/3gpp",
    aliases: ["video/3gpp2"],
    extensions: ["3gp", "3gpp", "3g2"],
    geminiType: "video/3gpp",
  },
} as const satisfies Record<string, VideoType>;

/** A container that is accepted. */
export type VideoContainer = keyof typeof videoTypes;

const list: readonly VideoType[] = Object.values(videoTypes);

/** The media types that bucket `raw` takes. */
export const videoMediaTypes: readonly string[] = list.map(({ mediaType }) => mediaType);

/** For sentences: "MP4, MOV, WebM or 3GP". */
export const videoTypeNames: string = list
  .map(({ name }) => name)
  .join(", ")
  .replace(/, ([^,]+)$/, " or $1");

/** For a file picker's `accept`. */
export const videoAccept: string = list
  .flatMap(({ mediaType, aliases, extensions }) => [
    mediaType,
    ...aliases,
    ...extensions.map((extension) => `.${extension}`),
  ])
  .join(",");

/** The accepted kind that a media type or an extension names; undefined for any other. */
export function videoTypeOf({
  mediaType,
  extension,
}: {
  mediaType?: string;
  extension?: string;
}): VideoType | undefined {
  const plain = mediaType?.split(";")[0]?.trim().toLowerCase();
  return list.find(
    (type) =>
      (plain !== undefined && [type.mediaType, ...type.aliases].includes(plain)) ||
      (extension !== undefined && type.extensions.includes(extension.toLowerCase())),
  );
}
