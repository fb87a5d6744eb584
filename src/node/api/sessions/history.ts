import type { PartyKey } from '../../../domain/ids.ts';
import type { StoredEvent } from '../../../store/sql/event.ts';
import { viewEvent } from '../events/view-event.ts';
import type { ExchangeView } from '../exchanges/schemas.ts';
import type { HistoryEntry } from './schemas.ts';

/** The events, with the cards of `issuers` whole, and the requests of one session in the order of time. */
export const mergeHistory = (events: readonly StoredEvent[], exchanges: readonly ExchangeView[], issuers: readonly PartyKey[]): HistoryEntry[] =>
  [
    ...events.map((it) => viewEvent(it, issuers)).filter((it) => it !== undefined && it.kind !== 'security' && it.kind !== 'alarm'),
    ...exchanges.map(entryOf),
  ].sort(byTime);

const entryOf = (data: ExchangeView): HistoryEntry => ({ kind: 'asked', at: data.accepted_at, session: data.session, data });
/** Events of the same moment stay in the order in which they were committed. */
const byTime = (a: HistoryEntry, b: HistoryEntry) => (a.at === b.at ? idOf(a) - idOf(b) : a.at < b.at ? -1 : 1);
const idOf = (entry: HistoryEntry) => ('id' in entry ? entry.id : 0);
