import type { ExchangeView } from '../node/api/exchanges/schemas.ts';
import type { SessionView } from '../node/api/sessions/schemas.ts';
import { describeLimitWithOrigin } from './describe-limit.ts';
import { describeLimit } from './describe-profile.ts';
import type { Column } from './table.ts';

/** Returns the id of a session, or its key (with the party) when another listed session has the same id. */
function namesOf(sessions: readonly SessionView[]): (session: SessionView) => string {
  const byId = Map.groupBy(sessions, (it) => it.session.id.toUpperCase());
  return (it) => (byId.get(it.session.id.toUpperCase())?.length === 1 ? it.session.id : it.key);
}

function limitOf({ limit, limit_unknown_since: since }: SessionView): string {
  if (since !== undefined) return `unknown since ${timeOfDay(since).slice(0, 5)}`;
  return limit ? describeLimitWithOrigin(limit) : '';
}
const powerOf = ({ power }: SessionView) => (power === undefined ? '' : `${(power / 1_000).toFixed(1)} kW`);
/** The cost so far, without VAT. `unknown` when the CPO sent no cost, which does not mean that it is free (SES-18). */
export function costOf({ session: { total_cost: cost, currency } }: SessionView): string {
  if (!cost) return 'unknown';
  return `${('excl_vat' in cost ? cost.excl_vat : cost.before_taxes).toFixed(2)} ${currency}`;
}
/** What an operator should know of a session besides its fields. */
const notesOf = ({ closed_without_end: closed, unauthorised, stale_since: stale, metered_above_limit: above, deviation }: SessionView): string[] => [
  ...(stale === undefined ? [] : [`stale since ${timeOfDay(stale)}`]),
  ...(above ? [`draws ${describeLimit(above.measured, above.unit)}, limit ${describeLimit(above.limit, above.unit)}`] : []),
  ...(deviation ? [`station is ${deviation.how} the accepted profile`] : []),
  ...(closed === undefined ? [] : [`closed without its end: ${closed}`]),
  ...(unauthorised ? ['charges with a refused token'] : []),
];
const noteOf = (session: SessionView) => notesOf(session).join('; ');
const energyOf = ({ session }: SessionView) => session.kwh.toFixed(2);

/** The columns of `evenkeel sessions`. */
export const sessionColumns = (sessions: readonly SessionView[]): Column<SessionView>[] => [
  { title: 'SESSION', text: namesOf(sessions) },
  { title: 'STATUS', text: ({ session }) => session.status },
  { title: 'EVSE', text: ({ session }) => session.evse_uid, shrinks: true },
  { title: 'KWH', text: energyOf, align: 'right' },
  { title: 'COST', text: costOf, align: 'right' },
  { title: 'LIMIT', text: limitOf, shrinks: true },
  ...(sessions.some((it) => noteOf(it) !== '') ? [{ title: 'NOTE', text: noteOf }] : []),
];

/** The columns of the sessions below `evenkeel sites list`. */
export const siteSessionColumns = (sessions: readonly SessionView[]): Column<SessionView>[] => [
  { title: 'EVSE', text: ({ session }) => session.evse_uid, shrinks: true },
  { title: 'SESSION', text: namesOf(sessions) },
  { title: 'POWER', text: powerOf, align: 'right' },
  { title: 'LIMIT', text: limitOf },
];

/** The columns of `evenkeel watch`; `last` is the last exchange of each session, by session key. */
export const watchColumns = (sessions: readonly SessionView[], last: ReadonlyMap<string, ExchangeView>): Column<SessionView>[] => [
  { title: 'EVSE', text: ({ session }) => session.evse_uid },
  { title: 'LIMIT', text: limitOf },
  { title: 'POWER', text: powerOf, align: 'right' },
  { title: 'SESSION', text: namesOf(sessions), shrinks: true },
  { title: 'LAST REQUEST', text: ({ key }) => describeExchange(last.get(key)), shrinks: true },
];

const describeExchange = (exchange: ExchangeView | undefined) => (exchange ? `${exchange.kind} ${exchange.outcome ?? '…'}` : '');

/** Hours, minutes and seconds in the time zone of this machine. */
export const timeOfDay = (moment: string | number): string => new Date(moment).toTimeString().slice(0, 8);
