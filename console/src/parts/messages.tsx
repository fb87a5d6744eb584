import { segment } from '../data/api-client.ts';
import type { ExchangeView } from '../data/api-types.ts';
import type { MessageView } from '../data/console-api-types.ts';
import { kindLabel, labelOf, messageStepLabel, placeLabel, reasonText, stateLabel } from '../data/labels.ts';
import { useResource } from '../data/resource.ts';
import { durationText } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import { Badge } from './badge.tsx';
import { Content } from './message-content.tsx';
import { Empty, Loaded } from './page.tsx';
import { Time } from './time.tsx';

interface ExchangeMessages {
  exchange: ExchangeView;
  messages: MessageView[];
}

/** The messages of an exchange in order of time, each with its body; secrets are masked. */
export function Messages({ exchange, open }: { exchange: string; open: boolean }) {
  const loaded = useResource<ExchangeMessages>(
    `exchanges/${segment(exchange)}/messages`,
    undefined,
    open ? { everySeconds: 3, refreshOn: (it) => it.kind === 'exchange' } : {},
  );
  return (
    <Loaded of={loaded}>
      {({ messages, exchange: { side } }) =>
        messages.length === 0 ? (
          <Empty what={text().exchange.noMessages} />
        ) : (
          <ol class="messages">
            {messages.map((it, n) => (
              <OneMessage key={`${it.step} ${n}`} message={it} side={side} />
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}

function OneMessage({ message, side }: { message: MessageView; side: ExchangeView['side'] }) {
  const { at, step, from, to, protocol, word, after_ms: afterMs, body, name, wire, rebuilt, wait } = message;
  return (
    <li>
      {wait && <p class="soft wait">{waitText(wait)}</p>}
      <div class="row">
        {at !== undefined && <Time at={at} />}
        <span class="badge">{placeLabel(protocol)}</span>
        <strong title={name}>{step === 'end' ? reasonText(name) : kindLabel(name)}</strong>
        <span class="soft">
          {messageStepLabel(step)}
          {step !== 'end' && ` · ${placeLabel(from)} → ${placeLabel(to)}`}
        </span>
        {word !== undefined && <Badge value={word} label={step === 'end' ? stateLabel({ side, state: word }) : labelOf(word)} />}
        {wire?.status !== undefined && wire.status >= 300 && <span class="badge bad">{text().wire.answered(String(wire.status))}</span>}
        {afterMs !== undefined && <span class="number soft">+{durationText(afterMs)}</span>}
        {rebuilt && (
          <span class="badge" title={text().wire.rebuiltHelp}>
            {text().wire.rebuilt}
          </span>
        )}
      </div>
      {wire?.url !== undefined && (
        <p class="mono small">
          {wire.method} {wire.url}
        </p>
      )}
      <Content of={wire ? wire.body : body} cut={wire?.cut} />
      {wire?.answer && (
        <>
          <p class="small soft">{wire.answer.status === undefined ? text().wire.notAnswered : text().wire.answered(String(wire.answer.status))}</p>
          <Content of={wire.answer.body} />
        </>
      )}
    </li>
  );
}

const waitText = ({ because, ms, of = '?', call = '?' }: NonNullable<MessageView['wait']>): string => text().wire.waits[because](durationText(ms), of, call);
