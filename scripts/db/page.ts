import type { Project } from "@sideline/migration-tools";

/** What docs/database.md says beside what the database knows. */
export const page: Project["page"] = {
  file: "docs/database.md",
  intro:
    "What the migrations make, read back from the database itself. Tables in schema `public` are the users': row level security shows each user their own rows. Schema `pipeline` belongs to the workers and operators, who come with the secret key. The rules behind the statuses are in [the state machine](state-machine.md), the words in [the glossary](glossary.md).",
  schemas: {
    public: { heading: "Tables of users", diagram: "The users' tables:" },
    pipeline: { heading: "Tables of the workers", diagram: "The workers' own tables:" },
  },
  functionGroups: [
    {
      heading: "For workers",
      about: 'A worker\'s calls, with the secret key: `client.schema("pipeline").rpc(…)`.',
      has: ({ name }) =>
        /^((claim|complete)_(analysis|ssml|audio)|fail|defer|send_back|release|extend)$/.test(name),
    },
  ],
};
