import type { Catalogue, DatabaseFunction } from "../catalogue.ts";
import { shortSignature } from "../expressions.ts";
import { code, table } from "../markdown.ts";

interface Group {
  heading: string;
  about: string;
  has(one: DatabaseFunction): boolean;
}

/** In this order; each function is in the first group that has it. */
const groups: Group[] = [
  {
    heading: "Triggers",
    about: "Called by the triggers named at the tables; nobody else can call them.",
    has: ({ returns }) => returns === "trigger",
  },
  {
    heading: "For users",
    about: "What a signed-in user may call: `client.rpc(…)`.",
    has: ({ schema, executors }) => schema === "public" || executors.includes("anon"),
  },
  {
    heading: "For workers",
    about: 'A worker\'s calls, with the secret key: `client.schema("pipeline").rpc(…)`.',
    has: ({ name }) =>
      /^(claim|complete|fail|defer|release|extend)_(analysis|ssml|audio)$/.test(name),
  },
  {
    heading: "For cron and operators",
    about: "Parts of the ones above, cron's jobs, and what operators call by hand.",
    has: () => true,
  },
];

/** All functions, the callable ones first. */
export function functionSections({ functions }: Catalogue): string[] {
  const rest = new Set(functions);
  const sections = new Map<string, string>();
  for (const { heading, about, has } of groups) {
    const own = [...rest].filter(has);
    for (const one of own) rest.delete(one);
    if (own.length > 0)
      sections.set(heading, [`### ${heading}`, about, functionTable(own)].join("\n\n"));
  }
  const order = ["For users", "For workers", "For cron and operators", "Triggers"];
  return order.flatMap((heading) => sections.get(heading) ?? []);
}

function functionTable(functions: DatabaseFunction[]): string {
  const withComments = functions.some(({ comment }) => comment !== null);
  return table(
    [
      "function",
      "returns",
      "runs as",
      "who may call it",
      ...(withComments ? ["what it does"] : []),
    ],
    functions.map((one) => [
      code(`${one.schema}.${one.name}(${shortSignature(one.arguments)})`),
      code(shortSignature(one.returns)),
      `${one.isDefiner ? "its owner" : "the caller"}, ${one.volatility}`,
      one.executors.length > 0 ? one.executors.join(", ") : "only postgres",
      ...(withComments ? [one.comment ?? ""] : []),
    ]),
  );
}
