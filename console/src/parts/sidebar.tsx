import { useEffect, useState } from 'preact/hooks';
import { callApi } from '../data/api-client.ts';
import { useConnectionStatus } from '../data/event-connection.ts';
import { useUser } from '../data/signed-in-user.ts';
import { zoneName } from '../data/time-format.ts';
import { useRoute } from '../data/route.ts';
import { pageShortcuts } from '../data/shortcuts.ts';
import { Link } from './link.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

const STATUS_TONES = { live: 'good', connecting: 'plain', away: 'warn' } as const;
const STATUS_LABELS = { live: 'Live', connecting: 'Connecting', away: 'No connection' } as const;

/** The side of the page: where one can go, how the connection is, who is signed in. */
export function Sidebar({ onHelp, onLeave }: { onHelp(): void; onLeave(): void }) {
  const { segments } = useRoute();
  const link = useConnectionStatus();
  const me = useUser();
  const [open, setOpen] = useState(false);
  const here = segments[0] === 'connect' ? 'parties' : (segments[0] ?? '');
  useEffect(() => setOpen(false), [segments]);
  const leave = async () => {
    await callApi('logout', { method: 'POST' });
    onLeave();
  };
  return (
    <header class={`side${open ? ' open' : ''}`}>
      <Link to={[]} class="brand">
        <img src="/console/mark.svg" alt="" width={28} height={28} />
        Evenkeel
      </Link>
      <span class="row">
        <span class={`badge live ${STATUS_TONES[link]}`} role="status">
          {STATUS_LABELS[link]}
        </span>
        <button type="button" class="button slim menu" aria-expanded={open} aria-controls="nav" onClick={() => setOpen(!open)}>
          Menu
        </button>
      </span>
      <nav class="nav" id="nav" aria-label="Pages of the console">
        {pageShortcuts.map(({ name, to }) => (
          <Link key={name} to={to} aria-current={(to[0] ?? '') === here ? 'page' : undefined}>
            {name}
          </Link>
        ))}
      </nav>
      <div class="side-end">
        <p class="small">
          {me.node.parties.map((it) => (
            <span key={`${it.role}${it.country_code}${it.party_id}`} class="line">
              {it.name} <span class="soft">{`${it.role} ${it.country_code}*${it.party_id}`}</span>
            </span>
          ))}
          <span class="line soft">Times in {zoneName}</span>
        </p>
        <ThemeSwitch />
        <p class="small">
          {me.name} <span class="soft">may {me.role}</span>
        </p>
        <div class="row">
          <button type="button" class="button slim" onClick={onHelp}>
            <kbd>?</kbd> Keys
          </button>
          {me.via !== 'key' && (
            <button type="button" class="button slim" onClick={leave}>
              Sign out
            </button>
          )}
        </div>
      </div>
    </header>
  );
}
