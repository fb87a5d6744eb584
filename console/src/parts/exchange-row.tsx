import { useState } from 'preact/hooks';
import { durationText } from '../data/time-format.ts';
import { limitText } from '../data/quantity.ts';
import type { ExchangeView } from '../data/api-types.ts';
import { Badge, OutcomeBadge } from './badge.tsx';
import { Link } from './link.tsx';
import { Messages } from './messages.tsx';
import { Time } from './time.tsx';

/** One exchange as a line of its steps with their timings; it opens to the raw messages. */
export function ExchangeRow({ exchange }: { exchange: ExchangeView }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <Time at={exchange.accepted_at} />
          <span>{describeExchange(exchange)}</span>
          <ExchangeSteps exchange={exchange} />
        </summary>
        {open && (
          <>
            <Messages exchange={exchange.id} open={exchange.open} />
            <p class="small">
              <Link to={['exchanges', exchange.id]}>Page of this exchange</Link>
            </p>
          </>
        )}
      </details>
    </li>
  );
}

/** What was asked and by whom, in words. */
export function describeExchange({ kind, side, peer, charging_profile, duration }: ExchangeView): string {
  const who = side === 'own' ? 'operator' : side === 'sent' ? `to ${peer ?? 'a peer'}` : (peer ?? 'a peer');
  const [first, ...more] = charging_profile?.charging_profile_period ?? [];
  const upTo =
    first && charging_profile ? ` ${limitText(first.limit, charging_profile.charging_rate_unit)}${more.length > 0 ? `, ${more.length + 1} periods` : ''}` : '';
  return `${kind}${upTo}${duration === undefined ? '' : ` ${durationText(duration * 1000)}`} · ${who}`;
}

const after = (from: string, to: string | undefined) => (to === undefined ? '' : `+${durationText(Math.max(0, Date.parse(to) - Date.parse(from)))}`);

/** Sync answer, call to the charge point, result and callback, each with the time since the request. */
export function ExchangeSteps({ exchange }: { exchange: ExchangeView }) {
  const { side, accepted_at, sent_at, ended_at, station } = exchange;
  const callback = side === 'carried' || side === 'relayed';
  return (
    <ol class="steps">
      <li>
        <span class="soft">answer</span> <Badge word="ACCEPTED" />
      </li>
      {sent_at !== undefined && (
        <li>
          <span class="soft">{station === undefined ? 'asked' : `OCPP ${station}`}</span> <span class="number">{after(accepted_at, sent_at)}</span>
        </li>
      )}
      <li>
        <span class="soft">result</span> <OutcomeBadge exchange={exchange} />
        {!callback && <span class="number">{after(accepted_at, ended_at)}</span>}
      </li>
      {callback && !exchange.open && (
        <li>
          <span class="soft">callback</span> <Badge word={exchange.state} /> <span class="number">{after(accepted_at, ended_at)}</span>
        </li>
      )}
    </ol>
  );
}
