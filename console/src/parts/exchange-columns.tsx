import { span } from '../data/time-format.ts';
import type { ExchangeView } from '../data/api-types.ts';
import { OutcomeBadge } from './badge.tsx';
import { asked } from './exchange-row.tsx';
import { Link, PartyLink, SessionLink, StationLink } from './link.tsx';
import { Moment } from './time.tsx';
import type { Column } from './table.tsx';

const took = ({ accepted_at, ended_at }: ExchangeView) => (ended_at === undefined ? undefined : Date.parse(ended_at) - Date.parse(accepted_at));

/** What a list of exchanges shows of each. */
export const exchangeColumns: readonly Column<ExchangeView>[] = [
  {
    name: 'Asked',
    show: (it) => (
      <Link to={['exchanges', it.id]}>
        <Moment at={it.accepted_at} />
      </Link>
    ),
    plain: (it) => it.accepted_at,
  },
  { name: 'What', show: asked, plain: (it) => it.kind },
  { name: 'Session', show: (it) => <SessionLink session={it.session} />, plain: (it) => it.session },
  { name: 'Party', show: (it) => (it.peer === undefined ? it.side : <PartyLink peer={it.peer} />), plain: (it) => it.peer ?? it.side },
  { name: 'Station', show: (it) => (it.station === undefined ? '–' : <StationLink station={it.station} />), plain: (it) => it.station },
  { name: 'Outcome', show: (it) => <OutcomeBadge exchange={it} />, plain: (it) => it.outcome ?? it.state },
  { name: 'State', show: (it) => <span class="small">{it.state.toLowerCase().replaceAll('_', ' ')}</span>, plain: (it) => it.state },
  { name: 'Took', show: (it) => (took(it) === undefined ? '–' : span(took(it) ?? 0)), plain: took, right: true },
];
