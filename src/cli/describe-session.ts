import type { ExchangeView, SessionView } from '../node/api/sessions/schemas.ts';
import { describeLimit } from './describe-profile.ts';
import type { Column } from './table.ts';

/** What people call a session by: its own id, or with its party where another session has the same. */
function namesOf(sessions: readonly SessionView[]): (session: SessionView) => string {
  const seen = Map.groupBy(sessions, (it) => it.session.id.toUpperCase());
  return (it) => (seen.get(it.session.id.toUpperCase())?.length === 1 ? it.session.id : it.key);
}

const limitOf = ({ limit }: SessionView) => (limit ? describeLimit(limit.limit, limit.unit) : '');
const powerOf = ({ power }: SessionView) => (power === undefined ? '' : `${(power / 1_000).toFixed(1)} kW`);
/** What a session costs so far. A CPO that does not say does not give it for nothing (SES-18). */
export function costOf({ session: { total_cost: cost, currency } }: SessionView): string {
  if (!cost) return 'unknown';
  return `${('excl_vat' in cost ? cost.excl_vat : cost.before_taxes).toFixed(2)} ${currency}`;
}
const energyOf = ({ session }: SessionView) => session.kwh.toFixed(2);

export const sessionColumns = (sessions: readonly SessionView[]): Column<SessionView>[] => [
  { title: 'SESSION', text: namesOf(sessions) },
  { title: 'STATUS', text: ({ session }) => session.status },
  { title: 'EVSE', text: ({ session }) => session.evse_uid, shrinks: true },
  { title: 'KWH', text: energyOf, align: 'right' },
  { title: 'COST', text: costOf, align: 'right' },
  { title: 'LIMIT', text: limitOf, align: 'right' },
];

/** The same for who keeps looking: what flows, and what was asked last. */
export const watchColumns = (sessions: readonly SessionView[], last: ReadonlyMap<string, ExchangeView>): Column<SessionView>[] => [
  { title: 'SESSION', text: namesOf(sessions) },
  { title: 'KWH', text: energyOf, align: 'right' },
  { title: 'POWER', text: powerOf, align: 'right' },
  { title: 'LIMIT', text: limitOf, align: 'right' },
  { title: 'LAST', text: ({ key }) => describeLast(last.get(key)), shrinks: true },
];

const describeLast = (exchange: ExchangeView | undefined) => (exchange ? `${exchange.kind} ${exchange.outcome ?? '…'}` : '');

/** The time of day, as this machine counts it. */
export const timeOfDay = (moment: string | number): string => new Date(moment).toTimeString().slice(0, 8);
