import { useSideline } from "@sideline/client/react";
import { Trash2 } from "lucide-react";
import { ConfirmButton } from "../parts/confirm-button.tsx";
import { useWords } from "../words/use-words.ts";

/** The way out: with everything that came of it. */
export function DeleteAccount({ email }: { email: string | undefined }) {
  const words = useWords();
  const sideline = useSideline();
  return (
    <div className="-ml-3.5">
      <ConfirmButton
        label={words.deleteAccount}
        icon={<Trash2 className="size-4" aria-hidden="true" />}
        warning={words.deleteAccountWarning}
        {...(email && { typed: email })}
        act={() => sideline.deleteAccount()}
      />
    </div>
  );
}
