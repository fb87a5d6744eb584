import { segment } from '../data/api-client.ts';
import type { ExchangeView } from '../data/api-types.ts';
import { reasonText, stateLabel } from '../data/labels.ts';
import { describeExchange } from '../data/request-text.ts';
import { useResource } from '../data/resource.ts';
import { durationText } from '../data/time-format.ts';
import { Badge, OutcomeBadge } from '../parts/badge.tsx';
import { ExchangeSteps } from '../parts/exchange-row.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { PeerLink, SessionLink, StationLink } from '../parts/link.tsx';
import { Messages } from '../parts/messages.tsx';
import { Card, Loaded, Page } from '../parts/page.tsx';
import { ProfileText } from '../parts/profile-text.tsx';
import { Time } from '../parts/time.tsx';

const DIRECTIONS = {
  carried: 'from a peer to a station of this node',
  own: 'from the operator to a station of this node',
  sent: 'from a party of this node to a peer',
  relayed: 'from one peer to another',
} as const;

/** One request about a charging profile, from its acceptance to its result. */
export function ExchangePage({ id }: { id: string }) {
  const exchange = useResource<ExchangeView>(`exchanges/${segment(id)}`, undefined, { refreshOn: (it) => it.kind === 'exchange' && it.data.exchange === id });
  const kind = exchange.value?.kind;
  return (
    <Page
      title={kind === undefined ? 'Exchange' : `Exchange: ${kind} ${id.slice(0, 8)}`}
      trail={[{ name: 'Exchanges', to: ['exchanges'] }]}
      actions={exchange.value && <OutcomeBadge exchange={exchange.value} />}
    >
      <Loaded of={exchange}>
        {(it) => (
          <>
            <Card title={describeExchange(it)}>
              <div class="stack">
                <ExchangeSteps exchange={it} />
                <ExchangeFacts exchange={it} />
              </div>
            </Card>
            <Card title="Messages" note="in order of time; secrets are masked">
              <Messages exchange={it.id} open={it.open} />
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function ExchangeFacts({ exchange: it }: { exchange: ExchangeView }) {
  const active = it.active_charging_profile;
  return (
    <FactList
      of={{
        Direction: DIRECTIONS[it.side],
        Session: <SessionLink session={it.session} />,
        Peer: it.peer === undefined ? undefined : <PeerLink peer={it.peer} />,
        Station: it.station === undefined ? undefined : <StationLink station={it.station} />,
        [it.refused_here ? 'Refused' : 'Accepted']: <Time at={it.accepted_at} />,
        Answer: it.answer === undefined ? undefined : <Badge value={it.answer} />,
        Message: it.status_message,
        Sent: it.sent_at === undefined ? undefined : <Time at={it.sent_at} />,
        Deadline: it.refused_here ? undefined : <Time at={it.deadline} />,
        Ended: it.ended_at === undefined ? undefined : <Time at={it.ended_at} />,
        Status: stateLabel(it),
        Reason: it.reason === undefined || it.reason === it.status_message ? undefined : reasonText(it.reason),
        Request: it.charging_profile ? <ProfileText profile={it.charging_profile} /> : undefined,
        'Time ahead': it.duration === undefined ? undefined : durationText(it.duration * 1000),
        'Active profile': active ? <ProfileText profile={active.charging_profile} from={active.start_date_time} /> : undefined,
        'X-Request-ID': <span class="mono">{it.request_id}</span>,
        'X-Correlation-ID': <span class="mono">{it.correlation_id}</span>,
        'Result goes to': it.response_url === undefined ? undefined : <span class="mono">{it.response_url}</span>,
      }}
    />
  );
}
