import type { DeliverableExchange } from '../../delivery/deliver-result.ts';
import type { Effect } from '../../domain/effect.ts';
import type { PartyKey, SessionKey } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { integer } from '../../store/row.ts';
import { limitUnknown, limitUnknownEvent, profileReplaced } from '../../store/sql/active-profile.ts';
import { recordResult, type StoredExchange } from '../../store/sql/exchange.ts';
import { doubtInputs, forgetInput, forgetInputs, forgetOtherInputs, rememberInput } from '../../store/sql/input.ts';
import { entitle, markDroppedStale } from '../../store/sql/steering.ts';
import type { Write, Written } from '../../store/store.ts';
import type { Context } from '../core/context.ts';
import { endWrites, reportOutcome } from '../core/end-exchange.ts';

/** The exchange whose effects are run: what its delivery needs, what log lines and events say. It has no result yet, except after a start of the node. */
export type EffectExchange = Omit<DeliverableExchange, 'reason' | 'result' | 'outcome' | 'relayedOutcome'> & Partial<Pick<StoredExchange, 'result'>>;
/** Commits the writes of effects in one transaction, then calls the listeners. */
export type RunEffects = (effects: readonly Effect[], exchange: EffectExchange) => Promise<void>;

/** Called when an effect is committed. */
export interface EffectListeners {
  /** The exchange has a result: post it to the response_url. */
  deliver(exchange: DeliverableExchange): void;
  /** The active profile may have changed. */
  reread(session: SessionKey): void;
  /** The profiles that steer a session have changed. */
  inputsChanged(session: SessionKey): void;
}

/** Creates the function that runs effects. */
export function createEffectRunner(context: Context, listeners: EffectListeners): RunEffects {
  const { store, clock } = context;

  async function run(effects: readonly Effect[], exchange: EffectExchange): Promise<void> {
    const steps = effects.flatMap((effect) => writesFor(effect, exchange).map((write, at) => ({ effect, write, isFirst: at === 0 })));
    const written = await store.commit(steps.map(({ write }) => write));
    // The first write of an effect decides whether it took place; the others follow it.
    for (const [n, { effect, isFirst }] of steps.entries()) if (isFirst) report(effect, exchange, written[n]);
    for (const effect of effects) {
      if (effect.do === 'reread-active-profile') reread(effect);
      if (effect.do === 'remember-input' || effect.do === 'forget-input') listeners.inputsChanged(effect.session);
    }
  }

  function reread({ session, stored }: Extract<Effect, { do: 'reread-active-profile' }>): void {
    if (stored === 'unknown') context.journal.eventsCommitted();
    listeners.reread(session);
  }

  function writesFor(effect: Effect, exchange: EffectExchange): readonly Write[] {
    const at = clock.now();
    switch (effect.do) {
      case 'record-result':
        return [recordResult(effect.exchange, ['ACCEPTED', 'SENDING'], { outcome: effect.outcome, reason: effect.reason, at })];
      case 'end':
        return endWrites(exchange, endsFrom[effect.state], { state: effect.state, reason: effect.reason, at });
      case 'entitle':
        return [entitle(effect.session, effect, at)];
      case 'remember-input': {
        const { session, by, peer, profile, certain, replaces, keepsOthers } = effect;
        const forgotten = replaces === 'all' ? [forgetOtherInputs(session, by, [])] : replaces.map((party) => forgetInput(session, party));
        const state = certain ? 'installed' : 'uncertain';
        return [
          ...(replaces.length > 0 ? dropped(exchange) : []),
          ...forgotten,
          rememberInput(session, { by, peer, profile, state, exchange: exchange.id, ...(keepsOthers && { keepsOthers }) }, at),
        ];
      }
      case 'forget-input':
        return [...dropped(exchange, effect.by), effect.by === undefined ? forgetInputs(effect.session) : forgetInput(effect.session, effect.by)];
      case 'doubt-input':
        return [doubtInputs(effect.session, effect.by)];
      case 'reread-active-profile':
        return doubtWrites(effect, at);
      default:
        return effect satisfies never;
    }
  }

  function report(effect: Effect, exchange: EffectExchange, written: Written | undefined): void {
    if (written?.changed !== 1) return;
    if (effect.do === 'end') reportOutcome(context, { ...exchange, result: exchange.result, state: effect.state, reason: effect.reason });
    if (effect.do !== 'record-result') return;
    const { outcome, reason } = effect;
    // The deadline may have moved with the machine's clock since the request was accepted.
    const [row] = written.rows;
    const deadline = row ? epochMillis(integer(row, 'deadline')) : exchange.deadline;
    listeners.deliver({ ...exchange, deadline, outcome, reason, result: outcome.result, relayedOutcome: undefined });
  }

  return run;
}

/** What the operator or the end of a right drops is told to its party; a party that clears its own profile learns what changes. */
const dropped = ({ side, session }: EffectExchange, by?: PartyKey): readonly Write[] => (side === 'own' ? [markDroppedStale(session, by)] : []);

function doubtWrites({ session, stored }: Extract<Effect, { do: 'reread-active-profile' }>, at: EpochMillis): readonly Write[] {
  switch (stored) {
    case 'counts':
      return [];
    case 'replaced':
      return [profileReplaced(session, at)];
    case 'unknown':
      return [limitUnknownEvent(session, at), limitUnknown(session, at)];
    default:
      return stored satisfies never;
  }
}

/** The states that an end replaces. An exchange with a result no longer times out: a second call without an answer does not undo the first answer. */
const endsFrom = { TIMED_OUT: ['ACCEPTED', 'SENDING'], DELIVERY_UNKNOWN: ['DELIVERING'] } as const;
