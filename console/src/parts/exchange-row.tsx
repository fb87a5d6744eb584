import { useState } from 'preact/hooks';
import type { ExchangeView } from '../data/api-types.ts';
import { describeExchange } from '../data/request-text.ts';
import { durationText } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import { Badge, OutcomeBadge } from './badge.tsx';
import { Link } from './link.tsx';
import { Messages } from './messages.tsx';
import { NodeText } from './node-text.tsx';
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

/** The message that came with the immediate answer: words of this node when it refused the request, else of the peer. */
export const StatusMessage = ({ of: { status_message, refused_here } }: { of: ExchangeView }) =>
  refused_here ? <NodeText>{status_message}</NodeText> : <span>{status_message}</span>;

/** The steps of an exchange, each with the time since the request: immediate answer, request to the station, result, delivery. */
export function ExchangeSteps({ exchange }: { exchange: ExchangeView }) {
  const { side, accepted_at, sent_at, ended_at, station, answer, refused_here } = exchange;
  const { steps } = text().exchange;
  const delivers = side === 'carried' || side === 'relayed';
  return (
    <ol class="steps">
      {answer !== undefined && (
        <li>
          <span class="soft">{steps.answer}</span> <Badge value={answer} />{' '}
          {exchange.status_message !== undefined && (
            <span class="small soft">
              <StatusMessage of={exchange} />
            </span>
          )}
        </li>
      )}
      {sent_at !== undefined && (
        <li>
          <span class="soft">{station === undefined ? steps.sent : steps.to(station)}</span> <span class="number">{after(accepted_at, sent_at)}</span>
        </li>
      )}
      {refused_here !== true && (
        <li>
          <span class="soft">{steps.result}</span> <OutcomeBadge exchange={exchange} />
          {!delivers && <span class="number">{after(accepted_at, ended_at)}</span>}
        </li>
      )}
      {delivers && !exchange.open && refused_here !== true && (
        <li>
          <Badge value={exchange.state} /> <span class="number">{after(accepted_at, ended_at)}</span>
        </li>
      )}
    </ol>
  );
}
