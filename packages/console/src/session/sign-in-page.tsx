import { useSideline } from "@sideline/client/react";
import { type FormEvent, useState } from "react";
import { Button } from "../parts/button.tsx";
import { LanguageSelect } from "../parts/language-select.tsx";
import { Mark } from "../parts/mark.tsx";
import { Notice } from "../parts/notice.tsx";
import { useTitle } from "../parts/use-page.ts";
import { useWords } from "../words/use-words.ts";

const field =
  "min-h-touch w-full rounded-part border border-edge bg-sheet px-3 text-base placeholder:text-soft";

export function SignInPage() {
  const words = useWords();
  const { supabase } = useSideline();
  const problems = words.signInProblems;
  useTitle(undefined);
  const [isNew, setNew] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [message, setMessage] = useState<string | null>(null);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const credentials = {
      email: String(form.get("email")),
      password: String(form.get("password")),
    };
    setBusy(true);
    setMessage(null);
    const { data, error } = isNew
      ? await supabase.auth.signUp(credentials)
      : await supabase.auth.signInWithPassword(credentials);
    setBusy(false);
    if (error?.code === "invalid_credentials") setMessage(words.wrongPassword);
    else if (error?.name === "AuthRetryableFetchError") setMessage(words.unreachable);
    else if (error) setMessage(problems[error.code ?? ""] ?? problems.unknown ?? error.message);
    else if (!data.session) setMessage(words.confirmMail);
  }

  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-8 px-6 py-10">
      <div className="space-y-3">
        <Mark />
        <h1 className="text-3xl leading-tight font-semibold tracking-tight text-balance">
          {words.tagline}
        </h1>
      </div>
      <form onSubmit={(event) => void submit(event)} className="space-y-4">
        <label className="flex flex-col gap-1.5 text-sm font-medium">
          {words.email}
          <input name="email" type="email" autoComplete="email" required className={field} />
        </label>
        <label className="flex flex-col gap-1.5 text-sm font-medium">
          {words.password}
          <input
            name="password"
            type="password"
            minLength={6}
            autoComplete={isNew ? "new-password" : "current-password"}
            required
            className={field}
          />
        </label>
        {message && <Notice>{message}</Notice>}
        <Button look="main" type="submit" disabled={isBusy} className="min-h-touch w-full">
          {isBusy ? words.wait : isNew ? words.signUp : words.signIn}
        </Button>
      </form>
      <div className="flex items-center justify-between">
        <Button look="bare" className="-ml-3.5" onClick={() => setNew(!isNew)}>
          {isNew ? words.toSignIn : words.toSignUp}
        </Button>
        <LanguageSelect />
      </div>
    </main>
  );
}
