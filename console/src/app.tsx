import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { callApi, onReachability, onSignedOut } from './data/api-client.ts';
import type { MeView, Overview } from './data/console-api-types.ts';
import { startEvents, stopEvents, useConnectionStatus } from './data/event-connection.ts';
import { setNodeTime } from './data/node-clock.ts';
import { UserContext, type SignedIn } from './data/signed-in-user.ts';
import { useRoute } from './data/route.ts';
import { useShortcuts } from './data/shortcuts.ts';
import { SignInPage } from './pages/sign-in.tsx';
import { PageRouter } from './page-router.tsx';
import { ShortcutHelp } from './parts/shortcut-help.tsx';
import { Sidebar } from './parts/sidebar.tsx';

type Out = Extract<MeView, { signed_in: false }>;
type Door = { at: 'asking' } | { at: 'away' } | { at: 'out'; out: Out; expired: boolean } | { at: 'in'; me: SignedIn };

/** Between two questions whether a node that is away is back. */
const RETRY_MS = 1500;

/** The whole page: the door, and behind it the shell with the page that the address names. */
export function App() {
  const [door, setDoor] = useState<Door>({ at: 'asking' });
  const look = useCallback(async (expired: boolean) => {
    const me = await callApi<MeView>('me', { background: true });
    if (!me.ok) return setDoor((before) => (before.at === 'in' ? before : { at: 'away' }));
    if (!me.value.signed_in) return setDoor({ at: 'out', out: me.value, expired });
    // What the pages draw is timed by the node's clock.
    const overview = await callApi<Overview>('overview', { background: true });
    if (overview.ok) setNodeTime(overview.value.at);
    setDoor({ at: 'in', me: me.value });
  }, []);
  useEffect(() => void look(false), [look]);
  useEffect(() => onSignedOut(() => void look(true)), [look]);
  const inside = door.at === 'in';
  useEffect(() => {
    if (!inside) return stopEvents();
    startEvents(() => void look(true));
    return stopEvents;
  }, [inside, look]);
  const away = door.at === 'away';
  useEffect(() => {
    if (!away) return;
    const timer = setInterval(() => void look(false), RETRY_MS);
    return () => clearInterval(timer);
  }, [away, look]);

  if (door.at === 'out') return <SignInPage out={door.out} expired={door.expired} onIn={(me) => setDoor({ at: 'in', me })} />;
  if (door.at !== 'in')
    return (
      <main class="enter" id="main">
        <p class="card" role="status">
          {door.at === 'asking' ? 'One moment …' : 'The node does not answer. It may be starting; this page comes back by itself.'}
        </p>
      </main>
    );
  return (
    <UserContext.Provider value={door.me}>
      <Shell onLeave={() => void look(false)} />
    </UserContext.Provider>
  );
}

function Shell({ onLeave }: { onLeave(): void }) {
  const { segments } = useRoute();
  const link = useConnectionStatus();
  const [reached, setReached] = useState(true);
  const [help, setHelp] = useState(false);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  const path = segments.join('/');
  useShortcuts(useCallback(() => setHelp(true), []));
  useEffect(() => onReachability(setReached), []);
  useEffect(() => {
    // Whoever goes to another page reads it from its beginning.
    if (!first.current) main.current?.focus({ preventScroll: true });
    if (!first.current) scrollTo(0, 0);
    first.current = false;
  }, [path]);
  const lost = link === 'away' || !reached;
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <div class="shell">
        <Sidebar onHelp={() => setHelp(true)} onLeave={onLeave} />
        <main class="main" id="main" tabIndex={-1} ref={main}>
          {lost && (
            <p class="notice" role="alert">
              The node does not answer; it may be restarting. What you see is what it last said. This page comes back by itself.
            </p>
          )}
          <PageRouter steps={segments} />
        </main>
      </div>
      {help && <ShortcutHelp onClose={() => setHelp(false)} />}
    </>
  );
}
