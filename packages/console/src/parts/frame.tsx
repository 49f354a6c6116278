import { useSideline } from "@sideline/client/react";
import type { User } from "@supabase/supabase-js";
import { Activity, ListChecks, LogOut } from "lucide-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useWords } from "../words/use-words.ts";
import { IconButton } from "./button.tsx";
import { LanguageSelect } from "./language-select.tsx";
import { Mark } from "./mark.tsx";

/** What stands around every page of somebody who is signed in. */
export function Frame({ user, children }: { user: User; children: ReactNode }) {
  const words = useWords();
  const { supabase } = useSideline();
  return (
    <div className="mx-auto flex min-h-dvh max-w-[1320px] flex-col px-4 sm:px-8">
      <header className="flex h-16 shrink-0 items-center gap-2">
        <Link href="/" className="flex min-h-touch items-center rounded-part">
          <Mark />
        </Link>
        <span className="ml-auto hidden truncate text-sm text-soft sm:block">{user.email}</span>
        <span className="ml-auto flex items-center sm:ml-0">
          <Link
            href="/briefs"
            className="inline-flex min-h-touch min-w-touch items-center justify-center gap-2 rounded-part px-2.5 text-sm font-medium text-soft hover:bg-well hover:text-ink"
          >
            <ListChecks className="size-4.5" aria-hidden="true" />
            <span className="max-sm:sr-only">{words.briefs}</span>
          </Link>
          {user.app_metadata.role === "operator" && (
            <Link
              href="/operator"
              className="inline-flex min-h-touch min-w-touch items-center justify-center gap-2 rounded-part px-2.5 text-sm font-medium text-soft hover:bg-well hover:text-ink"
            >
              <Activity className="size-4.5" aria-hidden="true" />
              <span className="max-sm:sr-only">{words.operations}</span>
            </Link>
          )}
          <LanguageSelect />
        </span>
        <IconButton label={words.signOut} onClick={() => void supabase.auth.signOut()}>
          <LogOut className="size-4.5" aria-hidden="true" />
        </IconButton>
      </header>
      <main className="flex-1 pb-12">{children}</main>
    </div>
  );
}
