import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { callApi, onReachability, onSignedOut } from './data/api-client.ts';
import type { MeView, Overview } from './data/console-api-types.ts';
import { startEvents, stopEvents, useConnectionStatus } from './data/event-connection.ts';
import { setNodeTime } from './data/node-clock.ts';
import { useRoute } from './data/route.ts';
import { useShortcuts } from './data/shortcuts.ts';
import { type SignedIn, UserContext } from './data/signed-in-user.ts';
import { PageRouter } from './page-router.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { RunningActs } from './parts/running-acts.tsx';
import { ShortcutHelp } from './parts/shortcut-help.tsx';
import { Sidebar } from './parts/sidebar.tsx';
import { UndoBar } from './parts/undo-bar.tsx';
import { text, useLanguage } from './text/text.ts';

type SignedOut = Extract<MeView, { signed_in: false }>;
type SignInState = { is: 'loading' } | { is: 'unreachable' } | { is: 'signed-out'; how: SignedOut; expired: boolean } | { is: 'signed-in'; user: SignedIn };

/** While the node is unreachable, the page tries again after this time. */
const RETRY_MS = 1500;

/** The whole page: the sign-in page, or the sidebar with the page that the address names. */
export function App() {
  const [state, setState] = useState<SignInState>({ is: 'loading' });
  useLanguage();
  const check = useCallback(async (expired: boolean) => {
    const me = await callApi<MeView>('me', { background: true });
    if (!me.ok) return setState((before) => (before.is === 'signed-in' ? before : { is: 'unreachable' }));
    if (!me.value.signed_in) return setState({ is: 'signed-out', how: me.value, expired });
    // The charts need the node's time before they are drawn.
    const overview = await callApi<Overview>('overview', { background: true });
    if (overview.ok) setNodeTime(overview.value.at);
    setState({ is: 'signed-in', user: me.value });
  }, []);
  useEffect(() => void check(false), [check]);
  useEffect(() => onSignedOut(() => void check(true)), [check]);
  const signedIn = state.is === 'signed-in';
  useEffect(() => {
    if (!signedIn) return stopEvents();
    startEvents(() => void check(true));
    return stopEvents;
  }, [signedIn, check]);
  const unreachable = state.is === 'unreachable';
  useEffect(() => {
    if (!unreachable) return;
    const timer = setInterval(() => void check(false), RETRY_MS);
    return () => clearInterval(timer);
  }, [unreachable, check]);

  if (state.is === 'signed-out') return <SignInPage signedOut={state.how} expired={state.expired} onSignedIn={(user) => setState({ is: 'signed-in', user })} />;
  if (state.is !== 'signed-in')
    return (
      <main class="enter" id="main">
        <p class="card" role="status">
          {state.is === 'loading' ? text().shell.loading : text().shell.starting}
        </p>
      </main>
    );
  return (
    <UserContext.Provider value={state.user}>
      <Shell onSignOut={() => void check(false)} />
    </UserContext.Provider>
  );
}

function Shell({ onSignOut }: { onSignOut(): void }) {
  const { segments } = useRoute();
  const status = useConnectionStatus();
  const [reachable, setReachable] = useState(true);
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const path = segments.join('/');
  useShortcuts(useCallback(() => setHelp(true), []));
  useEffect(() => onReachability(setReachable), []);
  // Before the page is painted: later it could take the focus from a field that the user has reached meanwhile.
  useLayoutEffect(() => {
    // A new page is read from its top, also by a screen reader.
    if (!first.current) main.current?.focus({ preventScroll: true });
    if (!first.current) scrollTo(0, 0);
    first.current = false;
  }, [path]);
  const lost = status === 'lost' || !reachable;
  return (
    <>
      <a class="skip" href="#main">
        {text().shell.skip}
      </a>
      <div class="shell">
        <Sidebar onHelp={() => setHelp(true)} onSignOut={onSignOut} />
        <main class="main" id="main" tabIndex={-1} ref={main}>
          {lost && (
            <p class="notice" role="alert">
              {text().shell.lost}
            </p>
          )}
          <RunningActs />
          <PageRouter segments={segments} />
        </main>
      </div>
      <UndoBar />
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
    </>
  );
}
