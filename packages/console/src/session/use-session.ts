import { useSideline } from "@sideline/client/react";
import type { Session } from "@supabase/supabase-js";
import { useEffect, useState } from "react";

/** The session as it is now; undefined until it is known. */
export function useSession(): Session | null | undefined {
  const { supabase } = useSideline();
  const [session, setSession] = useState<Session | null>();
  useEffect(() => {
    const { data } = supabase.auth.onAuthStateChange((_event, now) => {
      // A renewed token is no other session, and must not render the whole page anew.
      setSession((before) => (before && now && before.user.id === now.user.id ? before : now));
    });
    return () => data.subscription.unsubscribe();
  }, [supabase]);
  return session;
}
