import { useState } from 'preact/hooks';
import type { ExchangeView } from '../data/api-types.ts';
import { describeExchange } from '../data/request-text.ts';
import { durationText } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import { Badge, OutcomeBadge } from './badge.tsx';
import { Link } from './link.tsx';
import { Messages } from './messages.tsx';
import { Time } from './time.tsx';

/** One exchange as a row of its steps with their times. It opens to the messages. */
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
              <Link to={['exchanges', exchange.id]}>{text().exchange.openThis}</Link>
            </p>
          </>
        )}
      </details>
    </li>
  );
}

const after = (from: string, to: string | undefined) => (to === undefined ? '' : `+${durationText(Math.max(0, Date.parse(to) - Date.parse(from)))}`);

/** In these states a request that goes to a peer may have no answer, or a refusal. */
const WITHOUT_ACCEPTANCE = ['POSTING', 'REFUSED', 'UNCERTAIN', 'CANCELLED'];
/** This node keeps a request to its own stations only after it has accepted it. */
const isAccepted = ({ side, state }: ExchangeView) => side === 'carried' || side === 'own' || !WITHOUT_ACCEPTANCE.includes(state);

/** The steps of an exchange, each with the time since the request: immediate answer, request to the station, result, delivery. */
export function ExchangeSteps({ exchange }: { exchange: ExchangeView }) {
  const { side, accepted_at, sent_at, ended_at, station } = exchange;
  const { steps } = text().exchange;
  const delivers = side === 'carried' || side === 'relayed';
  return (
    <ol class="steps">
      {isAccepted(exchange) && (
        <li>
          <span class="soft">{steps.answer}</span> <Badge value="ACCEPTED" />
        </li>
      )}
      {sent_at !== undefined && (
        <li>
          <span class="soft">{station === undefined ? steps.sent : steps.to(station)}</span> <span class="number">{after(accepted_at, sent_at)}</span>
        </li>
      )}
      <li>
        <span class="soft">{steps.result}</span> <OutcomeBadge exchange={exchange} />
        {!delivers && <span class="number">{after(accepted_at, ended_at)}</span>}
      </li>
      {delivers && !exchange.open && (
        <li>
          <Badge value={exchange.state} /> <span class="number">{after(accepted_at, ended_at)}</span>
        </li>
      )}
    </ol>
  );
}
