import type { Decision, Effect } from '../../domain/effect.ts';
import type { Ask, Outcome, ResultType } from '../../domain/exchange.ts';
import type { ExchangeId, PartyKey, PeerId, SessionKey, StationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { StationAnswer } from '../../domain/station.ts';
import { OPERATOR } from './check-profile-request.ts';

/** The exchange that was carried. */
export interface DispatchedExchange {
  id: ExchangeId;
  side: 'carried' | 'own';
  peer: PeerId;
  party: PartyKey;
  session: SessionKey;
  station: StationId;
  ask: Ask;
  /** How often it was on its way to the charge point; more than once after a broken connection. */
  sends: number;
  /** Our record says that a profile of this party is installed. */
  installed: boolean;
  /** Whose profiles a set takes the place of; those of others stay beside it. */
  replaces: 'all' | readonly PartyKey[];
}

/** `settled`: it has its last word; `waits`: it can still go, or go again, when the charge point is back. */
export type AnswerState = 'settled' | 'waits';

/**
 * Turns a charge point's word into the exchange's result and what follows from it (CP-15, A-15 and A-16).
 * A request that was sent and not answered gets no result: it may be running.
 */
export function applyAnswer(carried: DispatchedExchange, heard: StationAnswer): Decision<AnswerState> {
  switch (heard.is) {
    case 'ACCEPTED':
      return settle(carried, acceptedWith(heard), heard.computed ? 'computed' : 'cp');
    case 'REJECTED':
      return perhapsTaken(carried, heard, settle(carried, { result: 'REJECTED' }, `cp: ${heard.because}`));
    case 'UNKNOWN':
      return settle(carried, { result: removedByUs(carried) ? 'ACCEPTED' : 'UNKNOWN' }, 'cp');
    case 'NOT_SENT':
      if (heard.because === 'offline') return { answer: 'waits', effects: [] };
      if (heard.because === 'unclaimed') return { answer: 'settled', effects: [] };
      return withoutAnswer(carried);
    case 'SILENT':
      if (heard.because === 'disconnected') return { answer: 'waits', effects: [] };
      return timedOut(carried, 'cp_silent');
    default:
      return heard satisfies never;
  }
}

/** Its time is over. What never left is REJECTED; what may have arrived gets silence, never a guess. */
export const withoutAnswer = (carried: DispatchedExchange): Decision<AnswerState> =>
  carried.sends === 0 ? settle(carried, { result: 'REJECTED' }, 'not_sent') : timedOut(carried, 'cp_offline');

/** Nobody knows what became of it: the caller hears nothing, and the true state is read again as soon as it can be. */
export function timedOut(carried: DispatchedExchange, reason: 'cp_silent' | 'cp_offline' | 'crash'): Decision<AnswerState> {
  const { id, session, ask } = carried;
  const doubt = ask.kind === 'set' ? [inputOf(carried, { profile: ask.profile, certain: false })] : [];
  return { answer: 'settled', effects: [{ do: 'end', exchange: id, state: 'TIMED_OUT', reason }, ...doubt, { do: 'reread-active-profile', session }] };
}

/** A word that came when nobody waited any more changes what we know, not what we told. */
export const applyLateAnswer = (carried: DispatchedExchange, outcome: ResultType): readonly Effect[] => consequences(carried, outcome);

const acceptedWith = ({ activeProfile, computed }: Extract<StationAnswer, { is: 'ACCEPTED' }>): Outcome => ({
  result: 'ACCEPTED',
  ...(activeProfile && { profile: activeProfile }),
  ...(computed && { computed }),
});

const settle = (carried: DispatchedExchange, outcome: Outcome, reason: string): Decision<AnswerState> => ({
  answer: 'settled',
  effects: [{ do: 'record-result', exchange: carried.id, outcome, reason }, ...consequences(carried, outcome.result)],
});

/** A clear that is repeated after a broken connection finds nothing, because the first one worked. */
const removedByUs = ({ ask, sends, installed }: DispatchedExchange) => ask.kind === 'clear' && sends > 1 && installed;

/** A No to a set that was sent twice says nothing of the first time, and one that is garbled says nothing at all: the charge point may hold the profile. */
function perhapsTaken(
  carried: DispatchedExchange,
  { garbled }: Extract<StationAnswer, { is: 'REJECTED' }>,
  told: Decision<AnswerState>,
): Decision<AnswerState> {
  if (carried.ask.kind !== 'set' || (carried.sends <= 1 && garbled !== true)) return told;
  const doubt = inputOf(carried, { profile: carried.ask.profile, certain: false });
  return { ...told, effects: [...told.effects, doubt, { do: 'reread-active-profile', session: carried.session }] };
}

const inputOf = ({ session, party, peer, replaces }: DispatchedExchange, of: { profile: ChargingProfile; certain: boolean }): Effect => ({
  do: 'remember-input',
  session,
  by: party,
  peer,
  ...of,
  replaces,
});

function consequences(carried: DispatchedExchange, result: ResultType): readonly Effect[] {
  const { side, party, peer, session, ask } = carried;
  switch (ask.kind) {
    case 'get':
      return [];
    case 'clear':
      return result === 'REJECTED'
        ? []
        : [
            { do: 'forget-input', session, by: party === OPERATOR ? undefined : party },
            { do: 'reread-active-profile', session },
          ];
    case 'set':
      if (result !== 'ACCEPTED') return [];
      return [
        inputOf(carried, { profile: ask.profile, certain: true }),
        ...(side === 'carried' ? [{ do: 'entitle', session, party, peer } as const] : []),
        { do: 'reread-active-profile', session },
      ];
    default:
      return ask satisfies never;
  }
}
