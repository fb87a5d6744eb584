import { segment } from '../data/api-client.ts';
import type { MessageView } from '../data/console-api-types.ts';
import { durationText } from '../data/time-format.ts';
import { useResource } from '../data/resource.ts';
import type { ExchangeView } from '../data/api-types.ts';
import { Badge } from './badge.tsx';
import { Empty, Loaded } from './page.tsx';
import { Time } from './time.tsx';

interface Told {
  exchange: ExchangeView;
  messages: MessageView[];
}

/** The messages of an exchange in the order of time, each with its body as it went over the wire, secrets masked. */
export function Messages({ exchange, open }: { exchange: string; open: boolean }) {
  const told = useResource<Told>(
    `exchanges/${segment(exchange)}/messages`,
    undefined,
    open ? { everySeconds: 3, refreshOn: (it) => it.kind === 'exchange' } : {},
  );
  return (
    <Loaded of={told}>
      {({ messages }) =>
        messages.length === 0 ? (
          <Empty what="No messages kept" />
        ) : (
          <ol class="messages">
            {messages.map((it, n) => (
              <OneMessage key={`${it.step} ${n}`} message={it} />
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}

function OneMessage({ message }: { message: MessageView }) {
  const { at, step: name, from, to, protocol, word, after_ms: afterMs, body } = message;
  return (
    <li>
      <div class="row">
        {at !== undefined && <Time at={at} />}
        <span class="badge">{protocol}</span>
        <strong>{message.name}</strong>
        <span class="soft">
          {name.replaceAll('-', ' ')} · {from} → {to}
        </span>
        {word !== undefined && <Badge word={word} />}
        {afterMs !== undefined && <span class="number soft">+{durationText(afterMs)}</span>}
      </div>
      {body !== undefined && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a long body scrolls, and a keyboard must reach it
        <pre tabIndex={0}>{JSON.stringify(body, null, 2)}</pre>
      )}
    </li>
  );
}
