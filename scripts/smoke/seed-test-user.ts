/** Makes the user that manual tests sign in as; a second run finds it. `--remove` removes it. */
import { randomBytes } from "node:crypto";
import type { Place } from "./place.ts";
import { runSmoke } from "./run-smoke.ts";

const email = process.env.TEST_USER_EMAIL || "test@sideline.test";

await runSmoke({
  help: `Makes a confirmed user to sign in as, on this machine only: TEST_USER_EMAIL (${email}),
with TEST_USER_PASSWORD or else a random password, which is printed once.`,
  flags: { remove: "remove that user again" },
  async check({ place, flag, say }) {
    refuseElsewhere(place);
    const known = await findUser(place);
    if (flag("remove")) {
      if (known === undefined) throw new Error(`there is no user ${email}`);
      const { error } = await place.service.auth.admin.deleteUser(known);
      if (error) throw error;
      say(`removed ${email}`);
      return;
    }
    if (known !== undefined) {
      say(`${email} is ${known}; its password was printed when it was made`);
      return;
    }
    const password = process.env.TEST_USER_PASSWORD || randomBytes(12).toString("base64url");
    const { data, error } = await place.service.auth.admin.createUser({
      email,
      password,
      email_confirm: true,
    });
    if (error) throw error;
    const session = await place.anonymous().auth.signInWithPassword({ email, password });
    if (session.error) throw session.error;
    say(`${email} is ${data.user.id}, with the password ${password}`);
  },
});

/** A user whose password stands in a terminal's scrollback has no place where real people are. */
function refuseElsewhere({ apiUrl }: Place): void {
  const { hostname } = new URL(apiUrl);
  if (/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return;
  throw new Error(`${hostname} is not this machine: a test user is made on a local stack only`);
}

async function findUser({ service }: Place): Promise<string | undefined> {
  for (let page = 1; ; page += 1) {
    const { data, error } = await service.auth.admin.listUsers({ page, perPage: 1000 });
    if (error) throw error;
    const found = data.users.find((user) => user.email === email);
    if (found !== undefined || data.users.length < 1000) return found?.id;
  }
}
