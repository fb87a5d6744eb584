import type { ExchangeView } from '../data/api-types.ts';
import { labelOf } from '../data/labels.ts';
import { requestText } from '../data/request-text.ts';
import { durationText } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import { Badge, OutcomeBadge } from './badge.tsx';
import { Link, PeerLink, SessionLink, StationLink } from './link.tsx';
import type { Column } from './table.tsx';
import { Time } from './time.tsx';

const durationOf = ({ accepted_at, ended_at }: ExchangeView) => (ended_at === undefined ? undefined : Date.parse(ended_at) - Date.parse(accepted_at));

/** The columns of a list of exchanges. */
export const exchangeColumns = ({ exchange: { columns }, request: { operator } } = text()): readonly Column<ExchangeView>[] => [
  {
    name: columns.requested,
    show: (it) => (
      <Link to={['exchanges', it.id]}>
        <Time at={it.accepted_at} />
      </Link>
    ),
    plain: (it) => it.accepted_at,
  },
  { name: columns.request, show: requestText, plain: requestText },
  { name: columns.session, show: (it) => <SessionLink session={it.session} />, plain: (it) => it.session },
  { name: columns.peer, show: (it) => (it.peer === undefined ? operator : <PeerLink peer={it.peer} />), plain: (it) => it.peer ?? operator },
  { name: columns.station, show: (it) => (it.station === undefined ? '–' : <StationLink station={it.station} />), plain: (it) => it.station },
  { name: columns.answer, show: (it) => <span class="small">{it.answer === undefined ? '–' : labelOf(it.answer)}</span>, plain: (it) => it.answer },
  { name: columns.result, show: (it) => <OutcomeBadge exchange={it} />, plain: (it) => it.outcome ?? 'OPEN' },
  {
    name: columns.delivery,
    show: (it) => (it.delivery === undefined ? '–' : <Badge value={it.delivery} label={text().deliveries[it.delivery]} />),
    plain: (it) => it.delivery,
  },
  {
    name: columns.duration,
    show: (it) => {
      const ms = durationOf(it);
      return ms === undefined ? '–' : durationText(ms);
    },
    plain: durationOf,
    right: true,
  },
];
