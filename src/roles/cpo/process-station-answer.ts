import type { Decision, Effect } from '../../domain/effect.ts';
import type { Ask, Outcome, ResultType } from '../../domain/exchange.ts';
import type { ExchangeId, PartyKey, PeerId, SessionKey, StationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { StationAnswer } from '../../domain/station.ts';
import { OPERATOR } from './check-profile-request.ts';

/** An exchange that was dispatched to a charge point. */
export interface DispatchedExchange {
  id: ExchangeId;
  side: 'carried' | 'own';
  peer: PeerId;
  party: PartyKey;
  session: SessionKey;
  station: StationId;
  ask: Ask;
  /** How often the request was sent; more than once after a broken connection. */
  sends: number;
  /** The store has a profile of this party for the session. */
  installed: boolean;
  /** The parties whose profiles a set replaces; the profiles of other parties stay. */
  replaces: 'all' | readonly PartyKey[];
}

/** `settled`: the exchange has a result or has ended; `waits`: it is sent, or sent again, when the charge point reconnects. */
export type AnswerState = 'settled' | 'waits';

/**
 * The result of the exchange and its effects for an answer of the charge point (CP-15, A-15 and A-16). A request that was sent
 * and not answered gets no result, because the charge point may execute it.
 */
export function applyAnswer(exchange: DispatchedExchange, received: StationAnswer): Decision<AnswerState> {
  switch (received.is) {
    case 'ACCEPTED':
      return settle(exchange, acceptedOutcome(received), received.computed ? 'computed' : 'cp');
    case 'REJECTED':
      return rejected(exchange, received);
    case 'UNKNOWN':
      return settle(exchange, { result: clearedBefore(exchange) ? 'ACCEPTED' : 'UNKNOWN' }, 'cp');
    case 'NOT_SENT':
      if (received.because === 'offline') return { answer: 'waits', effects: [] };
      if (received.because === 'unclaimed') return { answer: 'settled', effects: [] };
      if (received.because === 'observing') return settle(exchange, { result: 'REJECTED' }, 'observing');
      return withoutAnswer(exchange);
    case 'SILENT':
      if (received.because === 'disconnected') return { answer: 'waits', effects: [] };
      return timedOut(exchange, 'cp_silent');
    default:
      return received satisfies never;
  }
}

/** The end of an exchange whose time is over: REJECTED when it was never sent, else no result, because it may have arrived. */
export const withoutAnswer = (exchange: DispatchedExchange): Decision<AnswerState> =>
  exchange.sends === 0 ? settle(exchange, { result: 'REJECTED' }, 'not_sent') : timedOut(exchange, 'cp_offline');

/** Ends an exchange with an unknown outcome: the sender gets no result, and the active profile is read again as soon as possible. */
export function timedOut(exchange: DispatchedExchange, reason: 'cp_silent' | 'cp_offline' | 'crash'): Decision<AnswerState> {
  const { id, session, ask } = exchange;
  const stored = ask.kind === 'get' ? 'counts' : 'unknown';
  const reread: Effect = { do: 'reread-active-profile', session, stored };
  return { answer: 'settled', effects: [{ do: 'end', exchange: id, state: 'TIMED_OUT', reason }, ...uncertainInputs(exchange), reread] };
}

function uncertainInputs(exchange: DispatchedExchange): readonly Effect[] {
  const { session, party, ask } = exchange;
  switch (ask.kind) {
    case 'set':
      return [rememberInput(exchange, { profile: ask.profile, certain: false })];
    case 'clear':
      return [{ do: 'doubt-input', session, by: clearedParty(party, ask) }];
    case 'get':
      return [];
    default:
      return ask satisfies never;
  }
}

/** The party whose profile a clear removes; undefined: a clear of the operator removes the profiles of all parties. */
const clearedParty = (party: PartyKey, { keepsOthers }: Extract<Ask, { kind: 'clear' }>): PartyKey | undefined =>
  party === OPERATOR && !keepsOthers ? undefined : party;

/** The effects of an answer that arrived after the exchange had timed out: the stored state changes, but no result is sent. */
export const applyLateAnswer = (exchange: DispatchedExchange, result: ResultType): readonly Effect[] => effectsOf(exchange, result);

const acceptedOutcome = ({ activeProfile, computed }: Extract<StationAnswer, { is: 'ACCEPTED' }>): Outcome => ({
  result: 'ACCEPTED',
  ...(activeProfile && { profile: activeProfile }),
  ...(computed && { computed }),
});

const settle = (exchange: DispatchedExchange, outcome: Outcome, reason: string): Decision<AnswerState> => ({
  answer: 'settled',
  effects: [{ do: 'record-result', exchange: exchange.id, outcome, reason }, ...effectsOf(exchange, outcome.result)],
});

/** A clear that is repeated after a broken connection finds no profile, because the first one removed it. */
const clearedBefore = ({ ask, sends, installed }: DispatchedExchange) => ask.kind === 'clear' && sends > 1 && installed;

/** After a second send, a refusal of a set says nothing about the first; a garbled answer says nothing at all. In both cases the profile may be installed. */
function rejected(exchange: DispatchedExchange, { because, garbled }: Extract<StationAnswer, { is: 'REJECTED' }>): Decision<AnswerState> {
  const { ask, sends, session } = exchange;
  const decided = settle(exchange, { result: 'REJECTED' }, `cp: ${because}`);
  if (ask.kind !== 'set' || (sends <= 1 && garbled !== true)) return decided;
  const uncertain = rememberInput(exchange, { profile: ask.profile, certain: false });
  return { ...decided, effects: [...decided.effects, uncertain, { do: 'reread-active-profile', session, stored: 'unknown' }] };
}

const rememberInput = ({ session, party, peer, replaces, ask }: DispatchedExchange, of: { profile: ChargingProfile; certain: boolean }): Effect => ({
  do: 'remember-input',
  session,
  by: party,
  peer,
  ...of,
  ...(ask.kind === 'set' && ask.keepsOthers && { keepsOthers: true as const }),
  replaces,
});

function effectsOf(exchange: DispatchedExchange, result: ResultType): readonly Effect[] {
  const { side, party, peer, session, ask } = exchange;
  switch (ask.kind) {
    case 'get':
      return [];
    case 'clear':
      return result === 'REJECTED'
        ? []
        : [
            { do: 'forget-input', session, by: clearedParty(party, ask) },
            { do: 'reread-active-profile', session, stored: 'unknown' },
          ];
    case 'set':
      if (result !== 'ACCEPTED') return [];
      return [
        rememberInput(exchange, { profile: ask.profile, certain: true }),
        ...(side === 'carried' ? [{ do: 'entitle', session, party, peer } as const] : []),
        { do: 'reread-active-profile', session, stored: 'replaced' },
      ];
    default:
      return ask satisfies never;
  }
}
