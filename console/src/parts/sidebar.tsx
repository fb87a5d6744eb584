import { useEffect, useState } from 'preact/hooks';
import { callApi } from '../data/api-client.ts';
import { useConnectionStatus } from '../data/event-connection.ts';
import { useRoute } from '../data/route.ts';
import { pageShortcuts } from '../data/shortcuts.ts';
import { useUser } from '../data/signed-in-user.ts';
import { zoneName } from '../data/time-format.ts';
import { Link } from './link.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

const STATUS_TONES = { live: 'good', connecting: 'plain', lost: 'warn' } as const;
const STATUS_LABELS = { live: 'Live', connecting: 'Connecting', lost: 'No connection' } as const;

/** The sidebar: links to the pages, the status of the connection, the signed-in user. */
export function Sidebar({ onHelp, onSignOut }: { onHelp(): void; onSignOut(): void }) {
  const { segments } = useRoute();
  const status = useConnectionStatus();
  const user = useUser();
  const [open, setOpen] = useState(false);
  const current = segments[0] === 'connect' ? 'parties' : (segments[0] ?? '');
  useEffect(() => setOpen(false), [segments]);
  const signOut = async () => {
    await callApi('logout', { method: 'POST' });
    onSignOut();
  };
  return (
    <header class={`side${open ? ' open' : ''}`}>
      <Link to={[]} class="brand">
        <img src="/console/mark.svg" alt="" width={28} height={28} />
        Evenkeel
      </Link>
      <span class="row">
        <span class={`badge live ${STATUS_TONES[status]}`} role="status">
          {STATUS_LABELS[status]}
        </span>
        <button type="button" class="button slim menu" aria-expanded={open} aria-controls="nav" onClick={() => setOpen(!open)}>
          Menu
        </button>
      </span>
      <nav class="nav" id="nav" aria-label="Pages of the console">
        {pageShortcuts.map(({ name, to }) => (
          <Link key={name} to={to} aria-current={(to[0] ?? '') === current ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      <div class="side-end">
        <p class="small">
          {user.node.parties.map((it) => (
            <span key={`${it.role}${it.country_code}${it.party_id}`} class="line">
              {it.name} <span class="soft">{`${it.role} ${it.country_code}*${it.party_id}`}</span>
            </span>
          ))}
          <span class="line soft">Times in {zoneName}</span>
        </p>
        <ThemeSwitch />
        <p class="small">
          Signed in as {user.name} <span class="soft">({user.role})</span>
        </p>
        <div class="row">
          <button type="button" class="button slim" onClick={onHelp}>
            <kbd>?</kbd> Help
          </button>
          {user.via !== 'key' && (
            <button type="button" class="button slim" onClick={signOut}>
              Sign out
            </button>
          )}
        </div>
      </div>
    </header>
  );
}
