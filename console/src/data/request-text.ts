import type { ExchangeView, Profile } from './api-types.ts';
import { labelOf, reasonText } from './labels.ts';
import { limitText } from './quantity.ts';
import { durationText, minuteTime, secondsOf } from './time-format.ts';

/** What was requested, in a few words: "set 8 A, 3 periods". */
export function requestText({ kind, charging_profile: profile, duration }: ExchangeView): string {
  if (profile) return `${kind} ${profileText(profile)}`;
  return duration === undefined ? kind : `${kind}, next ${durationText(duration * 1000)}`;
}

/** Who sent a request, or to whom this node sent it. */
function requesterText({ side, peer = 'a peer' }: ExchangeView): string {
  if (side === 'own') return 'operator';
  return side === 'sent' ? `to ${peer}` : peer;
}

/** What was requested and by whom: "set 8 A · operator". */
export const describeExchange = (exchange: ExchangeView): string => `${requestText(exchange)} · ${requesterText(exchange)}`;

/** What became of a request of the operator, as a sentence. */
export function outcomeText(exchange: ExchangeView): string {
  const { kind, open, outcome, reason } = exchange;
  const receiver = exchange.station ?? exchange.peer ?? 'The station';
  if (open) return `${receiver} has not answered yet.`;
  const because = reason === undefined ? '' : ` Reason: ${reasonText(reason)}.`;
  switch (outcome) {
    case 'ACCEPTED':
      return acceptedText(exchange, receiver);
    case 'REJECTED':
      return `${isOfStation(reason) ? `${receiver} rejected the request` : 'The request was rejected'}.${because}`;
    case 'UNCERTAIN':
      return isSilence(reason) ? `${receiver} did not answer; ${doubt(exchange)}.` : `There is no answer from ${receiver}; ${doubt(exchange)}.${because}`;
    case 'CANCELLED':
      return `The request was cancelled.${because}`;
    case 'UNKNOWN':
      return kind === 'clear' ? `${receiver} has no profile to clear.` : `${receiver} does not know the result.${because}`;
    default:
      return `The request failed${outcome === undefined ? '' : `: ${labelOf(outcome)}`}.${because}`;
  }
}

const isOfStation = (reason = ''): boolean => reason === 'cp' || reason.startsWith('cp: ');
const isSilence = (reason = ''): boolean => reason === 'cp_silent' || reason === 'cpo_silent';

function acceptedText({ kind, charging_profile: profile, accepted_at, computed }: ExchangeView, receiver: string): string {
  if (kind === 'clear') return `${receiver} cleared the profile.`;
  if (kind === 'get') return computed === true ? `${receiver} cannot report its limits; the node computed them:` : `${receiver} reports these limits:`;
  if (!profile) return `${receiver} accepted the profile.`;
  return `${receiver} accepted ${profileText(profile)} ${endText(profile, accepted_at)}.`;
}

const doubt = ({ kind, charging_profile: profile }: ExchangeView): string => {
  if (kind === 'get') return 'its limits are not known';
  if (kind === 'clear') return 'we do not know whether its profile is cleared';
  return `we do not know whether ${profile ? profileText(profile) : 'the profile'} holds`;
};

/** The first limit of a profile, and the number of its periods when there are more. */
function profileText({ charging_profile_period: periods, charging_rate_unit: unit }: Profile): string {
  const [first] = periods;
  if (!first) return 'a profile without periods';
  return `${limitText(first.limit, unit)}${periods.length > 1 ? `, ${periods.length} periods` : ''}`;
}

/** A profile without a start begins when the request is accepted. */
function endText({ start_date_time, duration }: Profile, accepted: string): string {
  if (duration === undefined) return 'until the session ends';
  return `until ${minuteTime(secondsOf(start_date_time ?? accepted) + duration)}`;
}
