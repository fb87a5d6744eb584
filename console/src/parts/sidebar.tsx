import { useEffect, useState } from 'preact/hooks';
import { callApi } from '../data/api-client.ts';
import { useConnectionStatus } from '../data/event-connection.ts';
import { labelOf } from '../data/labels.ts';
import { useRoute } from '../data/route.ts';
import { pageShortcuts } from '../data/shortcuts.ts';
import { useUser } from '../data/signed-in-user.ts';
import { zoneName } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import { LanguageSwitch } from './language-switch.tsx';
import { Link } from './link.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

const STATUS_TONES = { live: 'good', connecting: 'plain', lost: 'warn' } as const;

/** The sidebar: links to the pages, the status of the connection, the signed-in user. */
export function Sidebar({ onHelp, onSignOut }: { onHelp(): void; onSignOut(): void }) {
  const { segments } = useRoute();
  const status = useConnectionStatus();
  const { shell, nav } = text();
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
        {shell.product}
      </Link>
      <span class="row">
        <span class={`badge live ${STATUS_TONES[status]}`} role="status">
          {{ live: shell.live, connecting: shell.connecting, lost: shell.noConnection }[status]}
        </span>
        <button type="button" class="button slim menu" aria-expanded={open} aria-controls="nav" onClick={() => setOpen(!open)}>
          {shell.menu}
        </button>
      </span>
      <nav class="nav" id="nav" aria-label={shell.pages}>
        {pageShortcuts.map(({ page, to }) => (
          <Link key={page} to={to} aria-current={(to[0] ?? '') === current ? 'page' : undefined}>
            {nav[page]}
          </Link>
        ))}
        {user.node.trouble && (
          <Link to={['trouble']} aria-current={current === 'trouble' ? 'page' : undefined}>
            {nav.trouble}
          </Link>
        )}
      </nav>
      <div class="side-end">
        <p class="small">
          {user.node.parties.map((it) => (
            <span key={`${it.role}${it.country_code}${it.party_id}`} class="line">
              {it.name} <span class="soft">{`${it.role} ${it.country_code}*${it.party_id}`}</span>
            </span>
          ))}
          <span class="line soft">{shell.timesIn(zoneName)}</span>
        </p>
        <div class="row">
          <ThemeSwitch />
          <LanguageSwitch />
        </div>
        <p class="small">
          {shell.signedInAs(user.name)} <span class="soft">({labelOf(user.role)})</span>
        </p>
        <div class="row">
          <button type="button" class="button slim" onClick={onHelp}>
            <kbd>?</kbd> {shell.help}
          </button>
          {user.via !== 'key' && (
            <button type="button" class="button slim" onClick={signOut}>
              {shell.signOut}
            </button>
          )}
        </div>
      </div>
    </header>
  );
}
