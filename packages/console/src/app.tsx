import { lazy, Suspense } from "react";
import { Route, Router, Switch } from "wouter";
import { useHashLocation } from "wouter/use-hash-location";
import { HomePage } from "./home/home-page.tsx";
import { Frame } from "./parts/frame.tsx";
import { SignInPage } from "./session/sign-in-page.tsx";
import { useSession } from "./session/use-session.ts";

const BriefPage = lazy(() => import("./briefs/brief-page.tsx"));
const BriefsPage = lazy(() => import("./briefs/briefs-page.tsx"));
const ItemPage = lazy(() => import("./operator/item-page.tsx"));
const OperatorPage = lazy(() => import("./operator/operator-page.tsx"));
const RecordingPage = lazy(() => import("./recording/recording-page.tsx"));

export function App() {
  const session = useSession();
  if (session === undefined) return null;
  if (session === null) return <SignInPage />;
  return (
    <Router hook={useHashLocation}>
      <Frame user={session.user}>
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
            <Route path="/operator/:stage/:id">
              {({ stage, id }) => <ItemPage key={`${stage} ${id}`} stage={stage} id={Number(id)} />}
            </Route>
            <Route>
              <HomePage />
            </Route>
          </Switch>
        </Suspense>
      </Frame>
    </Router>
  );
}
