import { useUpload } from "@sideline/client/react";
import type { User } from "@supabase/supabase-js";
import { lazy, Suspense, useEffect } from "react";
import { Route, Router, Switch, useLocation } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { HomePage } from "./home/home-page.tsx";
import { loadRecordingPage } from "./load-recording-page.ts";
import { ErrorBoundary } from "./parts/error-boundary.tsx";
import { Frame } from "./parts/frame.tsx";
import { useScroll } from "./parts/use-page.ts";
import { SignInPage } from "./session/sign-in-page.tsx";
import { useSession } from "./session/use-session.ts";

const BriefPage = lazy(() => import("./briefs/brief-page.tsx"));
const BriefsPage = lazy(() => import("./briefs/briefs-page.tsx"));
const FoundPage = lazy(() => import("./operator/found-page.tsx"));
const ItemPage = lazy(() => import("./operator/item-page.tsx"));
const OperatorPage = lazy(() => import("./operator/operator-page.tsx"));
const RecordingPage = lazy(loadRecordingPage);

export function App() {
  const session = useSession();
  if (session === undefined) return null;
  if (session === null) return <SignInPage />;
  return (
    <Router hook={useHashLocation}>
      <Frame user={session.user}>
        <Pages key={session.user.id} user={session.user} />
      </Frame>
    </Router>
  );
}

function Pages({ user }: { user: User }) {
  const [location] = useLocation();
  // Above the pages, so that it goes on, and is seen again, whichever page one looks at meanwhile.
  const upload = useUpload();
  useScroll();
  useEffect(() => {
    // Nobody waits for it at the press, nor is left without it when the line is cut.
    loadRecordingPage().catch(() => {});
  }, []);
  return (
    <ErrorBoundary key={location}>
      <Suspense fallback={null}>
        <Switch>
          <Route path="/recordings/:id">
            {({ id }) => <RecordingPage key={id} recordingId={Number(id)} />}
          </Route>
          <Route path="/briefs">
            <BriefsPage />
          </Route>
          <Route path="/briefs/:id">
            {({ id }) => <BriefPage key={id} sessionId={Number(id)} />}
          </Route>
          <Route path="/operator">
            <OperatorPage />
          </Route>
          <Route path="/operator/find/:id">
            {({ id }) => <FoundPage key={id} id={Number(id)} />}
          </Route>
          <Route path="/operator/:stage/:id">
            {({ stage, id }) => <ItemPage key={`${stage} ${id}`} stage={stage} id={Number(id)} />}
          </Route>
          <Route>
            <HomePage user={user} upload={upload} />
          </Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
