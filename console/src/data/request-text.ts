import { text } from '../text/text.ts';
import type { ExchangeView, Profile } from './api-types.ts';
import { kindLabel, labelOf, reasonText } from './labels.ts';
import { limitText } from './quantity.ts';
import { durationText, minuteTime, secondsOf } from './time-format.ts';

/** What was requested, in a few words: "set 8 A, 3 periods". */
export function requestText({ kind, charging_profile: profile, duration }: ExchangeView): string {
  const { withProfile, ahead } = text().request;
  if (profile) return withProfile(kindLabel(kind), profileText(profile));
  return duration === undefined ? kindLabel(kind) : ahead(kindLabel(kind), durationText(duration * 1000));
}

/** Who sent a request, or to whom this node sent it. */
function requesterText({ side, peer = text().request.aPeer }: ExchangeView): string {
  if (side === 'own') return text().request.operator;
  return side === 'sent' ? text().request.to(peer) : peer;
}

/** What was requested and by whom: "set 8 A · operator". */
export const describeExchange = (exchange: ExchangeView): string => `${requestText(exchange)} · ${requesterText(exchange)}`;

/** What became of a request of the operator, as a sentence. */
export function outcomeText(exchange: ExchangeView): string {
  const { kind, open, outcome, reason } = exchange;
  const texts = text().request;
  const receiver = exchange.station ?? exchange.peer ?? texts.theStation;
  if (open) return texts.open(receiver);
  const because = (sentence: string) => (reason === undefined ? sentence : `${sentence} ${texts.because(reasonText(reason))}`);
  switch (outcome) {
    case 'ACCEPTED':
      return acceptedText(exchange, receiver);
    case 'REJECTED':
      return because(isOfStation(reason) ? texts.rejectedBy(receiver) : texts.rejected);
    case 'UNCERTAIN':
      return isSilence(reason) ? texts.silent(receiver, doubt(exchange)) : because(texts.noAnswer(receiver, doubt(exchange)));
    case 'CANCELLED':
      return because(texts.cancelled);
    case 'UNKNOWN':
      return kind === 'clear' ? texts.nothingToClear(receiver) : because(texts.unknown(receiver));
    default:
      return because(outcome === undefined ? texts.failed : texts.failedWith(labelOf(outcome)));
  }
}

const isOfStation = (reason = ''): boolean => reason === 'cp' || reason.startsWith('cp: ');
const isSilence = (reason = ''): boolean => reason === 'cp_silent' || reason === 'cpo_silent';

/** A profile without a start begins when the request is accepted. */
function acceptedText({ kind, charging_profile: profile, accepted_at, computed }: ExchangeView, receiver: string): string {
  const texts = text().request;
  if (kind === 'clear') return texts.cleared(receiver);
  if (kind === 'get') return computed === true ? texts.computed(receiver) : texts.reports(receiver);
  if (!profile) return texts.accepted(receiver);
  const { start_date_time, duration } = profile;
  if (duration === undefined) return texts.acceptedForSession(receiver, profileText(profile));
  return texts.acceptedUntil(receiver, profileText(profile), minuteTime(secondsOf(start_date_time ?? accepted_at) + duration));
}

function doubt({ kind, charging_profile: profile }: ExchangeView): string {
  const { doubtLimits, doubtCleared, doubtHolds, doubtProfile } = text().request;
  if (kind === 'get') return doubtLimits;
  if (kind === 'clear') return doubtCleared;
  return profile ? doubtHolds(profileText(profile)) : doubtProfile;
}

/** The first limit of a profile, and the number of its periods when there are more. */
function profileText({ charging_profile_period: periods, charging_rate_unit: unit }: Profile): string {
  const [first] = periods;
  if (!first) return text().request.withoutPeriods;
  const limit = limitText(first.limit, unit);
  return periods.length > 1 ? text().request.periods(limit, periods.length) : limit;
}
