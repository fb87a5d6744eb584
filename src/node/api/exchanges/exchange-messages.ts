import type { AskKind, Outcome } from '../../../domain/exchange.ts';
import { isOpen } from '../../../domain/exchange.ts';
import { epochMillis } from '../../../domain/units.ts';
import { writeActiveChargingProfile, writeChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import type { Step } from '../../core/journal.ts';
import type { TimedStep } from '../../core/recent-steps.ts';
import { type Draft, type KeptOfExchange, withFrames, withPeerMessage } from './kept-of-exchange.ts';
import { answerOf } from './outcome.ts';
import type { MessageView } from './schemas.ts';
import { waitBefore } from './wait-before.ts';

/**
 * The messages of an exchange in the order of time: as they passed while they are kept, else rebuilt from its row and from the steps that
 * are still in memory.
 */
export function messagesOf(exchange: StoredExchange, steps: readonly TimedStep[], kept: KeptOfExchange): MessageView[] {
  const find: FindStep = (name) => steps.find(({ step }) => step.step === name);
  const drafts = withFrames(DRAFTS[exchange.side](exchange, find), exchange, { frames: kept.frames, answeredAt: find('station-answered')?.at });
  const inOrder = inTime([...drafts.map((draft) => withPeerMessage(draft, exchange, kept)), ...endOf(exchange)]);
  return inOrder.map(({ at, ...message }, n) => {
    const wait = waitBefore({ ...message, at }, { before: inOrder.slice(0, n), exchange, kept });
    const isRebuilt = message.wire === undefined && message.protocol !== 'node';
    return {
      ...message,
      ...(at !== undefined && { at: printDateTime(at), after_ms: at - exchange.acceptedAt }),
      ...(isRebuilt && { rebuilt: true }),
      ...(wait && { wait }),
    };
  });
}

/** The first step with a name; undefined when it is not in memory. */
type FindStep = (name: Step['step']) => TimedStep | undefined;

const METHODS: Readonly<Record<AskKind, string>> = { set: 'PUT chargingprofiles', get: 'GET chargingprofiles', clear: 'DELETE chargingprofiles' };
const ACTIONS: Readonly<Record<AskKind, string>> = { set: 'SetChargingProfile', get: 'GetCompositeSchedule', clear: 'ClearChargingProfile' };

const DRAFTS: Readonly<Record<StoredExchange['side'], (exchange: StoredExchange, find: FindStep) => Draft[]>> = {
  carried: (it, find) => [requestOf(it, it.peer, 'node'), ...ownAnswer(it), ...stationMessages(it, find), ...deliveryOf(it)],
  own: (it, find) => [{ ...requestOf(it, 'operator', 'node'), protocol: 'node', name: it.ask.kind }, ...stationMessages(it, find)],
  sent: (it, find) => [requestOf(it, 'node', it.peer), ...peerAnswer(it, { find, step: 'answer', peer: it.peer }), ...peerResult(it, find, it.peer)],
  relayed: (it, find) => {
    if (it.declined) return [requestOf(it, it.peer, 'node'), ...ownAnswer(it)];
    const upstream = it.upstream ?? '?';
    const relayed: Draft = { ...requestOf(it, 'node', upstream), step: 'relayed-request', at: find('request-sent')?.at };
    const answer = peerAnswer(it, { find, step: 'relayed-answer', peer: upstream });
    return [requestOf(it, it.peer, 'node'), relayed, ...answer, ...ownAnswer(it), ...peerResult(it, find, upstream), ...deliveryOf(it)];
  },
};

function requestOf({ ask, acceptedAt, encryptedUrl }: StoredExchange, from: string, to: string): Draft {
  const profile = ask.kind === 'set' ? { charging_profile: writeChargingProfile(ask.profile) } : ask.kind === 'get' ? { duration: ask.duration } : {};
  const body = { ...profile, ...(encryptedUrl !== undefined && { response_url: '***' }) };
  return { step: 'request', at: acceptedAt, from, to, protocol: 'OCPI', name: METHODS[ask.kind], body };
}

/** The immediate answer of this node to the peer; none when it is not known. */
function ownAnswer(exchange: StoredExchange): Draft[] {
  const { ask, acceptedAt, timeout, peer, message } = exchange;
  const result = answerOf(exchange);
  if (result === undefined) return [];
  const body = { result, timeout, ...(message !== undefined && { message }) };
  return [{ step: 'answer', at: acceptedAt, from: 'node', to: peer, protocol: 'OCPI', name: METHODS[ask.kind], word: result, body }];
}

/** The immediate answer of another platform. */
function peerAnswer(it: StoredExchange, { find, step, peer }: { find: FindStep; step: 'answer' | 'relayed-answer'; peer: string }): Draft[] {
  const { ask, state, result, timeout, message, endedAt } = it;
  if (state === 'POSTING') return [];
  const answered = find('peer-answered');
  const answer = answered?.step.step === 'peer-answered' ? answered.step.result : state === 'REFUSED' ? result : 'ACCEPTED';
  const body = { ...(answer !== undefined && { result: answer }), timeout, ...(message !== undefined && { message }) };
  // The step is noted after the commit that ends a refused exchange.
  const at = answered && epochMillis(Math.min(answered.at, endedAt ?? answered.at));
  return [{ ...word(answer), step, at, from: peer, to: 'node', protocol: 'OCPI', name: METHODS[ask.kind], body }];
}

/** The result that another platform posted to our response_url. */
function peerResult({ ask, outcome, endedAt }: StoredExchange, find: FindStep, peer: string): Draft[] {
  return outcome ? [postedResult({ ask, outcome }, { step: 'result', at: find('result-received')?.at ?? endedAt, from: peer, to: 'node' })] : [];
}

/** The delivery of the result to the response_url of the peer, whether or not it succeeded. */
function deliveryOf({ ask, peer, outcome, state, endedAt }: StoredExchange): Draft[] {
  return outcome && state !== 'RESULT' ? [postedResult({ ask, outcome }, { step: 'delivery', at: endedAt, from: 'node', to: peer })] : [];
}

const postedResult = ({ ask, outcome }: { ask: StoredExchange['ask']; outcome: Outcome }, more: Pick<Draft, 'step' | 'at' | 'from' | 'to'>): Draft => ({
  ...more,
  protocol: 'OCPI',
  name: `POST response_url (${ask.kind})`,
  word: outcome.result,
  body: { result: outcome.result, ...(outcome.profile && { profile: writeActiveChargingProfile(outcome.profile) }) },
});

function stationMessages({ ask, station, sentAt, outcome, profileId, messageId }: StoredExchange, find: FindStep): Draft[] {
  if (station === undefined || sentAt === undefined) return [];
  const ocpp = { protocol: 'OCPP', name: ACTIONS[ask.kind] } as const;
  const body = { message_id: messageId, ...(ask.kind === 'set' && { charging_profile_id: profileId }) };
  const call: Draft = { ...ocpp, step: 'station-call', at: sentAt, from: 'node', to: station, body };
  const answered = find('station-answered');
  const status = answered?.step.step === 'station-answered' ? answered.step.answer : outcome?.result;
  return status === undefined ? [call] : [call, { ...ocpp, step: 'station-answer', at: answered?.at, from: station, to: 'node', word: status }];
}

function endOf({ state, endedAt, reason }: StoredExchange): Draft[] {
  return isOpen(state) ? [] : [{ ...word(state), step: 'end', at: endedAt, from: 'node', to: 'node', protocol: 'node', name: reason ?? '' }];
}

const word = (status: string | undefined) => (status === undefined ? {} : { word: status });

/** Sorts messages by time. A message without a time stays behind the one before it. */
function inTime(drafts: readonly Draft[]): readonly Draft[] {
  const placed = drafts.map((draft, n) => ({ draft, at: drafts.slice(0, n + 1).findLast((it) => it.at !== undefined)?.at ?? Number.NEGATIVE_INFINITY }));
  return placed.toSorted((a, b) => a.at - b.at).map(({ draft }) => draft);
}
