import type { SessionKey } from '../../domain/ids.ts';
import { cancelOpenOfParty } from '../../store/sql/exchange.ts';
import { dropPush } from '../../store/sql/push.ts';
import { forgetRelayed } from '../../store/sql/relayed.ts';
import { type ExpiredRight, expiredRights, sessionsToPush } from '../../store/sql/session-rights.ts';
import { endPartySteering } from '../../store/sql/steering.ts';
import type { Context } from '../core/context.ts';
import { cancelExchanges } from '../core/end-exchange.ts';
import type { WithdrawProfile } from './end-peer.ts';

/** What the rest of the node does when a right ends or begins. */
export interface ExpiredRightsListeners {
  withdrawProfile: WithdrawProfile;
  /** Called for a session that a party may see and has not received yet. */
  pushSession(session: SessionKey): void;
}

/** Withdraws what expired rights left: a consent is withdrawn, a contract has ended, or a party is halted (SEC-34, SEC-44). */
export class ExpiredRights {
  readonly #context: Context;
  readonly #listeners: ExpiredRightsListeners;
  /** Expired rights with a security event already. */
  readonly #reported = new Set<string>();
  /** Expired rights whose SET may still reach the station. */
  readonly #underWay = new Set<string>();

  constructor(context: Context, listeners: ExpiredRightsListeners) {
    this.#context = context;
    this.#listeners = listeners;
    context.metrics.keep('expired rights', () => this.#reported.size + this.#underWay.size);
  }

  /**
   * Cancels open requests of expired rights, withdraws their profiles and stops their pushes. What fails, such as a clear at a charge
   * point that is offline, is retried at the next call. Sessions go to parties that may see them since the last call.
   */
  async end(): Promise<void> {
    const { store, clock } = this.#context;
    const found = await store.all(expiredRights(clock.now()));
    const keys = new Set(found.map(keyOfRight));
    for (const kept of [this.#reported, this.#underWay]) for (const key of kept) if (!keys.has(key)) kept.delete(key);
    await Promise.all(found.map((right) => this.#endOne(right)));
    for (const session of await store.all(sessionsToPush(clock.now()))) this.#listeners.pushSession(session);
  }

  async #endOne(right: ExpiredRight): Promise<void> {
    const { store, clock } = this.#context;
    const { session, party, maySee } = right;
    const cancel = cancelOpenOfParty(session, party, { reason: 'rights_lapsed', at: clock.now() });
    const ended = await cancelExchanges(this.#context, cancel, maySee ? [] : [dropPush(session, party)]);
    this.#report(right);
    if (ended.some(({ ask }) => ask.kind === 'set')) this.#underWay.add(keyOfRight(right));
    if ((await this.#listeners.withdrawProfile({ session, party, underWay: this.#underWay.has(keyOfRight(right)) })) === 'not yet') return;
    this.#underWay.delete(keyOfRight(right));
    await store.commit([endPartySteering(session, party), ...(maySee ? [] : [forgetRelayed(session, party)])]);
  }

  #report(right: ExpiredRight): void {
    const { party, maySee } = right;
    if (this.#reported.has(keyOfRight(right))) return;
    this.#reported.add(keyOfRight(right));
    this.#context.security.note({
      kind: 'rights-lapsed',
      party,
      says: `${party} may not ${maySee ? 'control' : 'see'} a session any more: its profile is withdrawn`,
    });
  }
}

const keyOfRight = ({ session, party, maySee }: ExpiredRight) => `${session} ${party} ${maySee}`;
