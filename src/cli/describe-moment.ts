import type { SiteMoment } from '../node/api/sites/day/schemas.ts';
import { describeLimitWithOrigin, hourAndMinute } from './describe-limit.ts';
import { describeLimit } from './describe-profile.ts';
import { printable } from './output.ts';
import type { Column } from './table.ts';

type Row = SiteMoment['sessions'][number];

/** A moment of a site in one line: its limit, what was imposed, and the sum of what was drawn. */
export function describeMoment({ node, at, when, limit, imposed, building, drawn, unknown }: SiteMoment): string {
  const limits = limit ? bothLimits(limit) || 'none' : 'not known';
  const parts = [
    `${node} at ${at}${when === 'ahead' ? ' (planned for the sessions that run now)' : ''}: limit ${limits}`,
    ...(imposed ? [`imposed ${bothLimits(imposed)}`] : []),
    ...(building ? [`building ${describeLimit(building.w, 'W')}`] : []),
    ...(when === 'ahead' ? [] : [`sessions draw ${describeLimit(drawn.w, 'W')} (${currentsOf(drawn.a)} A)`]),
    ...(when !== 'ahead' && unknown > 0 ? [`${unknown} not known`] : []),
  ];
  return printable(parts.join(', '));
}

const bothLimits = ({ a, w }: { a?: number; w?: number }): string =>
  [a === undefined ? [] : describeLimit(a, 'A'), w === undefined ? [] : describeLimit(w, 'W')].flat().join(', ');
const currentsOf = (a: readonly number[]): string => a.map((it) => it.toFixed(1)).join(' ');

function limitOf({ limit, limit_unknown_since: since }: Row): string {
  if (since !== undefined) return `unknown since ${hourAndMinute(since)}`;
  return limit ? describeLimitWithOrigin(limit) : '';
}

/** The columns of `evenkeel sites day`. */
export const momentColumns: Column<Row>[] = [
  { title: 'EVSE', text: ({ evse }) => evse, shrinks: true },
  { title: 'CARD', text: ({ card, party }) => (card === undefined ? '' : `${card} ${party ?? ''}`), shrinks: true },
  { title: 'LIMIT', text: limitOf },
  { title: 'POWER', text: ({ drawn }) => (drawn ? `${(drawn.w / 1_000).toFixed(1)} kW${drawn.estimated ? ' est.' : ''}` : ''), align: 'right' },
  { title: 'A ON L1 L2 L3', text: ({ drawn }) => (drawn ? currentsOf(drawn.a) : '') },
  { title: 'SESSION', text: ({ session }) => session, shrinks: true },
];
