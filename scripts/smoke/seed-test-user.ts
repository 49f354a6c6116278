/** Makes the user that manual tests sign in as; a second run finds it. `--remove` removes it. */
import { runSmoke } from "./run-smoke.ts";

const email = process.env.TEST_USER_EMAIL ?? "test@sideline.test";
const password = process.env.TEST_USER_PASSWORD ?? "sideline-test";

await runSmoke({
  help: `Makes a confirmed user to sign in as: TEST_USER_EMAIL (${email}) with TEST_USER_PASSWORD.`,
  flags: { remove: "remove that user again" },
  async check({ place, flag, say }) {
    const client = place.anonymous();
    const signIn = () => client.auth.signInWithPassword({ email, password });
    let session = await signIn();
    if (flag("remove")) {
      if (!session.data.user) throw new Error(`there is no user ${email} with this password`);
      const removal = await place.service.auth.admin.deleteUser(session.data.user.id);
      if (removal.error) throw removal.error;
      say(`removed ${email}`);
      return;
    }
    if (session.error) {
      const created = await place.service.auth.admin.createUser({
        email,
        password,
        email_confirm: true,
      });
      if (created.error) throw created.error;
      session = await signIn();
      if (session.error) throw session.error;
    }
    say(`${email} is ${session.data.user?.id}`);
  },
});
