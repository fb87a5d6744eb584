import { energyText, limitText, powerText } from '../data/quantity.ts';
import type { SessionView } from '../data/api-types.ts';
import { Badge } from './badge.tsx';
import { PeerLink, SessionLink, StationLink } from './link.tsx';
import { Time } from './time.tsx';
import type { Column } from './table.tsx';

/** What a list of sessions shows of each. */
export const sessionColumns: readonly Column<SessionView>[] = [
  { name: 'Session', show: (it) => <SessionLink session={it.key} />, plain: (it) => it.key },
  { name: 'Status', show: (it) => <Badge word={it.session.status} />, plain: (it) => it.session.status },
  {
    name: 'At',
    show: (it) => (it.station !== undefined ? <StationLink station={it.station} /> : it.peer !== undefined ? <PeerLink peer={it.peer} /> : '–'),
    plain: (it) => it.station ?? it.peer,
  },
  { name: 'EVSE', show: (it) => it.session.evse_uid, plain: (it) => it.session.evse_uid },
  { name: 'Power', show: (it) => (it.power === undefined ? '–' : powerText(it.power)), plain: (it) => it.power, right: true },
  {
    name: 'Limit',
    show: (it) => (it.limit ? `${limitText(it.limit.limit, it.limit.unit)}${it.limit.unit === 'A' ? ' / phase' : ''}` : 'none'),
    plain: (it) => (it.limit ? `${it.limit.limit} ${it.limit.unit}` : ''),
    right: true,
  },
  { name: 'Steered by', show: (it) => it.inputs.map(({ by }) => by).join(', ') || '–', plain: (it) => it.inputs.map(({ by }) => by).join(' ') },
  { name: 'Energy', show: (it) => energyText(it.session.kwh), plain: (it) => it.session.kwh, right: true },
  { name: 'Since', show: (it) => <Time at={it.session.start_date_time} />, plain: (it) => it.session.start_date_time },
];
