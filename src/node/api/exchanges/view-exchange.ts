import { isOpen } from '../../../domain/exchange.ts';
import { writeActiveChargingProfile, writeChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import { answerOf, deliveryOf, outcomeOf } from './outcome.ts';
import type { ExchangeView } from './schemas.ts';

/** `hideUrl` turns the encrypted response_url into what may be shown of it. */
export function viewExchange(stored: StoredExchange, hideUrl: (encrypted: string) => string): ExchangeView {
  const { id, seq, ask, side, session, peer, station, state, reason, outcome: ending, encryptedUrl, sentAt, endedAt } = stored;
  const outcome = outcomeOf(stored);
  const result = ending?.result ?? outcome;
  const [delivery, answer] = [deliveryOf(stored), answerOf(stored)];
  return {
    id,
    seq,
    kind: ask.kind,
    side,
    session,
    ...(side !== 'own' && { peer }),
    ...(station !== undefined && { station }),
    state,
    open: isOpen(state),
    ...(answer !== undefined && { answer }),
    ...(stored.message !== undefined && { status_message: stored.message }),
    ...(stored.declined && { refused_here: true }),
    ...(outcome !== undefined && { outcome }),
    ...(result !== undefined && { result }),
    ...(delivery !== undefined && { delivery }),
    ...(reason !== undefined && { reason }),
    ...(ask.kind === 'set' && { charging_profile: writeChargingProfile(ask.profile) }),
    ...(ask.kind !== 'get' && ask.because !== undefined && { given_reason: ask.because }),
    ...(ask.kind === 'get' && { duration: ask.duration }),
    ...(ending?.profile && { active_charging_profile: writeActiveChargingProfile(ending.profile) }),
    ...(ending?.computed && { computed: true }),
    accepted_at: printDateTime(stored.acceptedAt),
    deadline: printDateTime(stored.deadline),
    ...(sentAt !== undefined && { sent_at: printDateTime(sentAt) }),
    ...(endedAt !== undefined && { ended_at: printDateTime(endedAt) }),
    request_id: stored.requestId,
    correlation_id: stored.correlationId,
    ...(encryptedUrl !== undefined && { response_url: hideUrl(encryptedUrl) }),
  };
}
