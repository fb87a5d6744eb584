import { durationText } from '../data/time-format.ts';
import type { ExchangeView } from '../data/api-types.ts';
import { OutcomeBadge } from './badge.tsx';
import { describeExchange } from './exchange-row.tsx';
import { Link, PeerLink, SessionLink, StationLink } from './link.tsx';
import { Time } from './time.tsx';
import type { Column } from './table.tsx';

const took = ({ accepted_at, ended_at }: ExchangeView) => (ended_at === undefined ? undefined : Date.parse(ended_at) - Date.parse(accepted_at));

/** What a list of exchanges shows of each. */
export const exchangeColumns: readonly Column<ExchangeView>[] = [
  {
    name: 'Asked',
    show: (it) => (
      <Link to={['exchanges', it.id]}>
        <Time at={it.accepted_at} />
      </Link>
    ),
    plain: (it) => it.accepted_at,
  },
  { name: 'What', show: describeExchange, plain: (it) => it.kind },
  { name: 'Session', show: (it) => <SessionLink session={it.session} />, plain: (it) => it.session },
  { name: 'Party', show: (it) => (it.peer === undefined ? it.side : <PeerLink peer={it.peer} />), plain: (it) => it.peer ?? it.side },
  { name: 'Station', show: (it) => (it.station === undefined ? '–' : <StationLink station={it.station} />), plain: (it) => it.station },
  { name: 'Outcome', show: (it) => <OutcomeBadge exchange={it} />, plain: (it) => it.outcome ?? it.state },
  { name: 'State', show: (it) => <span class="small">{it.state.toLowerCase().replaceAll('_', ' ')}</span>, plain: (it) => it.state },
  { name: 'Took', show: (it) => (took(it) === undefined ? '–' : durationText(took(it) ?? 0)), plain: took, right: true },
];
