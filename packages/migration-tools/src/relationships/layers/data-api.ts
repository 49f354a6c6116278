import { z } from "zod";
import { type Answer, takeApart } from "../embedded-row.ts";
import { isToOne, type Relationship } from "../relationship.ts";

export interface ApiAccess {
  apiUrl: string;
  /** A publishable or secret key. */
  key: string;
  /** A user's; without it the key alone counts. */
  accessToken?: string;
}

const rowsSchema = z.array(z.record(z.string(), z.unknown()));
const refusalSchema = z.object({ code: z.string() });

/** The embedding as a plain request, as any HTTP client would make it. */
export async function byDataApi(
  { apiUrl, key, accessToken }: ApiAccess,
  relationship: Relationship,
  select: string,
): Promise<Answer> {
  const { schema, table, target } = relationship;
  const url = new URL(`/rest/v1/${encodeURIComponent(table)}`, apiUrl);
  url.searchParams.set("select", select.replaceAll(" ", ""));
  const response = await fetch(url, {
    headers: {
      apikey: key,
      "accept-profile": schema,
      ...(accessToken === undefined ? {} : { authorization: `Bearer ${accessToken}` }),
    },
  });
  const body: unknown = await response.json();
  if (!response.ok) return { refusal: refusalSchema.parse(body).code };
  return { rows: takeApart(rowsSchema.parse(body), target, isToOne(relationship)) };
}
