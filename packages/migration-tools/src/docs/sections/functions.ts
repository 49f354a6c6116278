import type { Catalogue, DatabaseFunction } from "../catalogue.ts";
import { shortSignature } from "../expressions.ts";
import { code } from "../markdown.ts";

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
      sections.set(heading, [`### ${heading}`, about, functionList(own)].join("\n\n"));
  }
  const order = ["For users", "For workers", "For cron and operators", "Triggers"];
  return order.flatMap((heading) => sections.get(heading) ?? []);
}

function functionList(functions: DatabaseFunction[]): string {
  return functions.map((one) => `- ${lineOf(one)}`).join("\n");
}

/** The signature, what differs from the usual, and the comment. */
function lineOf(one: DatabaseFunction): string {
  const parts = shortSignature(one.arguments).split(", ");
  const given = parts.filter((part) => !part.startsWith("OUT "));
  const answered = parts.flatMap((part) => (part.startsWith("OUT ") ? [part.slice(4)] : []));
  const signature = code(`${one.schema}.${one.name}(${given.join(", ")})`);
  const returns = answered.length > 0 ? `a row of ${code(answered.join(", "))}` : returned(one);
  const notes = [
    ...(one.isDefiner ? ["runs with the rights of its owner"] : []),
    ...(one.executors.join() === "service_role" || one.returns === "trigger"
      ? []
      : [`called by ${one.executors.length > 0 ? one.executors.join(", ") : "postgres only"}`]),
  ];
  return [
    `${signature}${returns === "" ? "" : ` → ${returns}`}${notes.length > 0 ? `; ${notes.join("; ")}` : ""}.`,
    ...(one.comment === null ? [] : [one.comment]),
  ].join(" ");
}

function returned({ returns }: DatabaseFunction): string {
  if (returns === "trigger" || returns === "void") return "";
  const columns = /^TABLE\((.*)\)$/.exec(returns)?.[1];
  return columns === undefined
    ? code(shortSignature(returns))
    : `rows of ${code(shortSignature(columns))}`;
}
