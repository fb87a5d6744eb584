import type { PartyKey } from '../../../domain/ids.ts';
import { epochMillis } from '../../../domain/units.ts';
import type { writeActiveChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import type { OwnSession } from '../../../roles/cpo/session.ts';
import type { StoredEvent } from '../../../store/sql/event.ts';
import { deliveryOf, outcomeOf } from '../exchanges/outcome.ts';
import { maskSession } from '../masks.ts';
import type { EventView } from './schemas.ts';

/** A stored event as the API shows it, with the cards of `issuers` whole; undefined for a kind that it does not show. */
export function viewEvent(
  { seq, at, kind, session = '', exchange = '', body }: StoredEvent,
  issuers: readonly PartyKey[],
): Exclude<EventView, { kind: 'gap' }> | undefined {
  const common = { id: seq, at: printDateTime(epochMillis(at)), session };
  switch (kind) {
    case 'session': {
      const wire: OwnSession = JSON.parse(body);
      return { ...common, kind, data: maskSession(wire, issuers) };
    }
    case 'active-profile': {
      const active: ReturnType<typeof writeActiveChargingProfile> = JSON.parse(body);
      return { ...common, kind, data: active };
    }
    case 'limit-unknown':
      return { ...common, kind, data: {} };
    case 'deviation': {
      const deviation: Extract<EventView, { kind: 'deviation' }>['data'] = JSON.parse(body);
      return { ...common, kind, data: deviation };
    }
    case 'exchange':
      return { ...common, kind, data: viewEnd(exchange, JSON.parse(body)) };
    case 'security':
    case 'alarm':
      return { id: seq, kind, at: common.at, data: JSON.parse(body) };
    default:
      return undefined;
  }
}

type Ended = Extract<EventView, { kind: 'exchange' }>['data'];
function viewEnd(exchange: string, end: Omit<Ended, 'exchange' | 'outcome'> & { result?: NonNullable<Ended['outcome']> }): Ended {
  const { kind, side, peer, state, reason, result } = end;
  const outcome = outcomeOf({ state, result });
  const delivery = deliveryOf({ side, state });
  return {
    exchange,
    kind,
    side,
    ...(side !== 'own' && peer !== undefined && { peer }),
    state,
    ...(outcome !== undefined && { outcome }),
    ...(delivery !== undefined && { delivery }),
    ...(reason !== undefined && { reason }),
  };
}
