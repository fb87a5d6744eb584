import { useState } from 'preact/hooks';
import { segment } from '../data/api-client.ts';
import type { StationMessage, StationMessages } from '../data/console-api-types.ts';
import { useResource } from '../data/resource.ts';
import { durationText } from '../data/time-format.ts';
import { gatewayText } from '../text/gateway-text.ts';
import { text } from '../text/text.ts';
import { Badge } from './badge.tsx';
import { Content } from './message-content.tsx';
import { Card, Empty, Loaded } from './page.tsx';
import { Time } from './time.tsx';

const PAGE = 25;

/** The OCPP messages of a station that are kept, newest first, of one action or of all. */
export function StationLog({ station }: { station: string }) {
  const { title, note, filter, all, none, noneHelp } = text().stationLog;
  const [action, setAction] = useState('');
  const [limit, setLimit] = useState(PAGE);
  const loaded = useResource<StationMessages>(`stations/${segment(station)}/messages`, { action, limit }, { everySeconds: 10 });
  const actions = [...new Set([...(loaded.value?.actions ?? []), ...(action === '' ? [] : [action])])];
  const choose = (
    <select class="input" aria-label={filter} value={action} onChange={(event) => setAction(event.currentTarget.value)}>
      <option value="">{all}</option>
      {actions.map((it) => (
        <option key={it} value={it}>
          {it}
        </option>
      ))}
    </select>
  );
  return (
    <Card title={title} note={note} actions={choose}>
      <Loaded of={loaded}>
        {({ items, next }) =>
          items.length === 0 ? (
            <Empty what={none}>{noneHelp}</Empty>
          ) : (
            <>
              <ol class="messages">
                {items.map((it) => (
                  <Message key={it.seq} message={it} />
                ))}
              </ol>
              {next !== undefined && (
                <button type="button" class="button slim" onClick={() => setLimit(limit + PAGE)}>
                  {text().list.older}
                </button>
              )}
            </>
          )
        }
      </Loaded>
    </Card>
  );
}

function Message({ message: { at, direction, of, type, action, status, took_ms: took, body, cut } }: { message: StationMessage }) {
  const { received, sent, call, answer, unreadable } = text().stationLog;
  const kind = type === 'unreadable' ? unreadable : type === 'call' || type === 'send' ? call : answer;
  return (
    <li>
      <details>
        <summary>
          <span class="row">
            <Time at={at} />
            <strong>{action ?? '?'}</strong>
            <span class="soft">
              {kind} · {direction === 'received' ? received : sent}
              {of !== undefined && ` · ${gatewayText().of[of]}`}
            </span>
            {status !== undefined && <Badge value={status.toUpperCase()} label={status} />}
            {took !== undefined && <span class="number soft">{durationText(took)}</span>}
          </span>
        </summary>
        <Content of={body} cut={cut} />
      </details>
    </li>
  );
}
