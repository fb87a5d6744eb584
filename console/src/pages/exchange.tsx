import { segment } from '../data/api-client.ts';
import type { ExchangeView } from '../data/api-types.ts';
import { kindLabel, reasonText, stateLabel } from '../data/labels.ts';
import { describeExchange } from '../data/request-text.ts';
import { useResource } from '../data/resource.ts';
import { durationText } from '../data/time-format.ts';
import { Badge, OutcomeBadge } from '../parts/badge.tsx';
import { ExchangeSteps, StatusMessage } from '../parts/exchange-row.tsx';
import { FactList } from '../parts/fact-list.tsx';
import { PeerLink, SessionLink, StationLink } from '../parts/link.tsx';
import { Messages } from '../parts/messages.tsx';
import { Card, Loaded, Page } from '../parts/page.tsx';
import { ProfileText } from '../parts/profile-text.tsx';
import { Time } from '../parts/time.tsx';
import { text } from '../text/text.ts';

/** One request about a charging profile, from its acceptance to its result. */
export function ExchangePage({ id }: { id: string }) {
  const exchange = useResource<ExchangeView>(`exchanges/${segment(id)}`, undefined, { refreshOn: (it) => it.kind === 'exchange' && it.data.exchange === id });
  const kind = exchange.value?.kind;
  return (
    <Page
      title={kind === undefined ? text().exchange.singular : text().exchange.title(kindLabel(kind), id.slice(0, 8))}
      trail={[{ name: text().nav.exchanges, to: ['exchanges'] }]}
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
            <Card title={text().exchange.messages} note={text().exchange.messagesNote}>
              <Messages exchange={it.id} open={it.open} />
            </Card>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The reason as a clause, and the code of the API behind it. */
const ReasonWithCode = ({ reason }: { reason: string }) => (
  <>
    {reasonText(reason)} <span class="mono soft">{reason}</span>
  </>
);

function ExchangeFacts({ exchange: it }: { exchange: ExchangeView }) {
  const active = it.active_charging_profile;
  const { facts, directions } = text().exchange;
  return (
    <FactList
      of={{
        [facts.direction]: directions[it.side],
        [facts.session]: <SessionLink session={it.session} />,
        [facts.peer]: it.peer === undefined ? undefined : <PeerLink peer={it.peer} />,
        [facts.station]: it.station === undefined ? undefined : <StationLink station={it.station} />,
        [it.refused_here ? facts.refused : facts.accepted]: <Time at={it.accepted_at} />,
        [facts.answer]: it.answer === undefined ? undefined : <Badge value={it.answer} />,
        [facts.message]: it.status_message === undefined ? undefined : <StatusMessage of={it} />,
        [facts.sent]: it.sent_at === undefined ? undefined : <Time at={it.sent_at} />,
        [facts.deadline]: it.refused_here ? undefined : <Time at={it.deadline} />,
        [facts.ended]: it.ended_at === undefined ? undefined : <Time at={it.ended_at} />,
        [facts.status]: stateLabel(it),
        [text().acts.reasonOf]: it.given_reason,
        [facts.reason]: it.reason === undefined || it.reason === it.status_message ? undefined : <ReasonWithCode reason={it.reason} />,
        [facts.request]: it.charging_profile ? <ProfileText profile={it.charging_profile} /> : undefined,
        [facts.ahead]: it.duration === undefined ? undefined : durationText(it.duration * 1000),
        [facts.active]: active ? <ProfileText profile={active.charging_profile} from={active.start_date_time} /> : undefined,
        [facts.requestId]: <span class="mono">{it.request_id}</span>,
        [facts.correlationId]: <span class="mono">{it.correlation_id}</span>,
        [facts.resultTo]: it.response_url === undefined ? undefined : <span class="mono">{it.response_url}</span>,
      }}
    />
  );
}
