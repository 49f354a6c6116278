import { z } from "zod";

/** What the model answers when asked for speech markup; the markup itself is checked by a parser. */
export const ssmlReplySchema = z.object({ ssml: z.string().min(1) });
