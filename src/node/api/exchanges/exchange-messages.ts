import type { AskKind, Outcome } from '../../../domain/exchange.ts';
import { isOpen } from '../../../domain/exchange.ts';
import type { EpochMillis } from '../../../domain/units.ts';
import { writeActiveChargingProfile, writeChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import type { StoredExchange } from '../../../store/sql/exchange.ts';
import type { Step } from '../../core/journal.ts';
import type { TimedStep } from '../../core/recent-steps.ts';
import type { MessageView } from '../peers/schemas.ts';

/** The messages of one exchange, from what its row says and the steps that are remembered. */
export function messagesOf(exchange: StoredExchange, steps: readonly TimedStep[]): MessageView[] {
  const drafts = DRAFTS[exchange.side](exchange, (name) => steps.find(({ step }) => step.step === name));
  const end: Draft[] = isOpen(exchange.state)
    ? []
    : [{ ...word(exchange.state), step: 'end', at: exchange.endedAt, from: 'node', to: 'node', protocol: 'node', name: exchange.reason ?? '' }];
  return inTime([...drafts, ...end]).map(({ at, ...message }) => ({
    ...message,
    ...(at !== undefined && { at: printDateTime(at), after_ms: at - exchange.acceptedAt }),
  }));
}

type Draft = Omit<MessageView, 'at' | 'after_ms'> & { at: EpochMillis | undefined };
/** The first step of that name, if it is remembered. */
type Find = (name: Step['step']) => TimedStep | undefined;

const METHODS: Readonly<Record<AskKind, string>> = { set: 'PUT chargingprofiles', get: 'GET chargingprofiles', clear: 'DELETE chargingprofiles' };
const ACTIONS: Readonly<Record<AskKind, string>> = { set: 'SetChargingProfile', get: 'GetCompositeSchedule', clear: 'ClearChargingProfile' };

const DRAFTS: Readonly<Record<StoredExchange['side'], (exchange: StoredExchange, find: Find) => Draft[]>> = {
  carried: (it, find) => [asked(it, it.peer, 'node'), answered(it, 'node', it.peer), ...atStation(it, find), ...delivered(it)],
  own: (it, find) => [{ ...asked(it, 'operator', 'node'), protocol: 'node', name: it.ask.kind }, ...atStation(it, find)],
  sent: (it, find) => [asked(it, 'node', it.peer), ...answerOf(it, { find, step: 'answer', peer: it.peer }), ...resultOf(it, { find, peer: it.peer })],
  relayed: (it, find) => {
    const upstream = it.upstream ?? '?';
    const further: Draft = { ...asked(it, 'node', upstream), step: 'relayed-request', at: find('asked')?.at };
    const answer = answerOf(it, { find, step: 'relayed-answer', peer: upstream });
    return [asked(it, it.peer, 'node'), further, ...answer, answered(it, 'node', it.peer), ...resultOf(it, { find, peer: upstream }), ...delivered(it)];
  },
};

function asked({ ask, acceptedAt, encryptedUrl }: StoredExchange, from: string, to: string): Draft {
  const profile = ask.kind === 'set' ? { charging_profile: writeChargingProfile(ask.profile) } : ask.kind === 'get' ? { duration: ask.duration } : {};
  return {
    step: 'request',
    at: acceptedAt,
    from,
    to,
    protocol: 'OCPI',
    name: METHODS[ask.kind],
    body: { ...profile, ...(encryptedUrl !== undefined && { response_url: '***' }) },
  };
}

const answered = ({ ask, acceptedAt, timeout }: StoredExchange, from: string, to: string): Draft => ({
  step: 'answer',
  at: acceptedAt,
  from,
  to,
  protocol: 'OCPI',
  name: METHODS[ask.kind],
  word: 'ACCEPTED',
  body: { result: 'ACCEPTED', timeout },
});

/** What the other platform answered at once. */
function answerOf(it: StoredExchange, { find, step, peer }: { find: Find; step: 'answer' | 'relayed-answer'; peer: string }): Draft[] {
  const { ask, state, result, timeout, message } = it;
  if (state === 'POSTING') return [];
  const told = find('peer-answered');
  const said = told?.step.step === 'peer-answered' ? told.step.result : state === 'REFUSED' ? result : 'ACCEPTED';
  const body = { ...(said !== undefined && { result: said }), timeout, ...(message !== undefined && { message }) };
  return [{ ...word(said), step, at: told?.at, from: peer, to: 'node', protocol: 'OCPI', name: METHODS[ask.kind], body }];
}

/** What the other platform posted to our response_url. */
function resultOf({ ask, outcome, endedAt }: StoredExchange, { find, peer }: { find: Find; peer: string }): Draft[] {
  if (!outcome) return [];
  const at = find('result-received')?.at ?? endedAt;
  return [
    { step: 'result', at, from: peer, to: 'node', protocol: 'OCPI', name: `POST response_url (${ask.kind})`, word: outcome.result, body: bodyOf(outcome) },
  ];
}

function atStation({ ask, station, sentAt, outcome, profileId, messageId }: StoredExchange, find: Find): Draft[] {
  if (station === undefined || sentAt === undefined) return [];
  const common = { protocol: 'OCPP', name: ACTIONS[ask.kind] } as const;
  const body = { message_id: messageId, ...(ask.kind === 'set' && { charging_profile_id: profileId }) };
  const call: Draft = { ...common, step: 'station-call', at: sentAt, from: 'node', to: station, body };
  const said = find('station-answered');
  const heard = said?.step.step === 'station-answered' ? said.step.word : outcome?.result;
  return heard === undefined ? [call] : [call, { ...common, step: 'station-answer', at: said?.at, from: station, to: 'node', word: heard }];
}

/** The callback, once, or that it could not be made. */
function delivered({ ask, peer, outcome, state, endedAt }: StoredExchange): Draft[] {
  if (!outcome || state === 'RESULT') return [];
  return [
    {
      step: 'delivery',
      at: endedAt,
      from: 'node',
      to: peer,
      protocol: 'OCPI',
      name: `POST response_url (${ask.kind})`,
      word: outcome.result,
      body: bodyOf(outcome),
    },
  ];
}

const bodyOf = ({ result, profile }: Outcome) => ({ result, ...(profile && { profile: writeActiveChargingProfile(profile) }) });
const word = (said: string | undefined) => (said === undefined ? {} : { word: said });

/** A moment that is not known any more lies between those around it. */
function inTime(drafts: readonly Draft[]): readonly Draft[] {
  const placed = drafts.map((draft, n) => ({ draft, at: drafts.slice(0, n + 1).findLast((it) => it.at !== undefined)?.at ?? Number.NEGATIVE_INFINITY }));
  return placed.toSorted((a, b) => a.at - b.at).map(({ draft }) => draft);
}
