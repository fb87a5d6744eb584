import type { PartyKey, SessionKey } from '../../domain/ids.ts';
import { cancelOpenOfParty } from '../../store/sql/exchange.ts';
import { dropPush } from '../../store/sql/push.ts';
import { forgetRelayed } from '../../store/sql/relayed.ts';
import { endPartySteering } from '../../store/sql/steering.ts';
import type { Context } from '../core/context.ts';
import { cancelExchanges } from '../core/end-exchange.ts';
import type { WithdrawProfile } from './end-peer.ts';

/** A right on a running session that a party has no longer. */
export interface EndedRight {
  session: SessionKey;
  party: PartyKey;
  /** The party may still see the session, but not control it. */
  maySee: boolean;
  /** The right is only halted: the party is told what holds on the session, now and when it may control again. */
  halted?: true;
}

/** What the rest of the node does when a right ends. */
export interface RightEndListeners {
  withdrawProfile: WithdrawProfile;
  /** The id of a relayed session for a party is deleted. */
  idForgotten(session: SessionKey, party: PartyKey): void;
}

/** Rights that are ended at a time: each takes a few commits, and requests of peers must not wait behind all of them. */
const AT_ONCE = 50;

/** Withdraws what ended rights left: cancels open requests, withdraws profiles and stops pushes (SEC-34, SEC-44). One object for each job that finds ended rights. */
export class RightEnds {
  readonly #context: Context;
  readonly #listeners: RightEndListeners;
  /** Ended rights with a security event already. */
  readonly #reported = new Set<string>();
  /** Ended rights whose SET may still reach the station. */
  readonly #underWay = new Set<string>();

  constructor(context: Context, listeners: RightEndListeners) {
    this.#context = context;
    this.#listeners = listeners;
  }

  /**
   * Ends all rights that were found now. What fails, such as a clear at a charge point that is offline, is retried at the next call. When
   * the store fails for one right, the others are ended, and the call rejects.
   */
  async endAll(found: readonly EndedRight[]): Promise<void> {
    const keys = new Set(found.map(keyOf));
    for (const kept of [this.#reported, this.#underWay]) for (const key of kept) if (!keys.has(key)) kept.delete(key);
    const failures: unknown[] = [];
    for (let from = 0; from < found.length; from += AT_ONCE) {
      const ended = await Promise.allSettled(found.slice(from, from + AT_ONCE).map((right) => this.#end(right)));
      failures.push(...ended.flatMap((it) => (it.status === 'rejected' ? [it.reason] : [])));
    }
    if (failures.length > 0) throw new Error(`${failures.length} of ${found.length} rights were not ended: ${failures[0]}`, { cause: failures[0] });
  }

  async #end(right: EndedRight): Promise<void> {
    const { store, clock } = this.#context;
    const { session, party, maySee, halted } = right;
    const key = keyOf(right);
    const cancel = cancelOpenOfParty(session, party, { reason: 'rights_lapsed', at: clock.now() });
    const ended = await cancelExchanges(this.#context, cancel, maySee ? [] : [dropPush(session, party)]);
    this.#report(right);
    if (ended.some(({ ask }) => ask.kind === 'set')) this.#underWay.add(key);
    const withdrawn = await this.#listeners.withdrawProfile({ session, party, underWay: this.#underWay.has(key) });
    if (withdrawn === 'not yet') return;
    this.#underWay.delete(key);
    // A party that may see the session is told what holds without its profile: until then the record of it stays.
    if (halted || (maySee && withdrawn === 'requested')) return;
    await store.commit([endPartySteering(session, party), ...(maySee ? [] : [forgetRelayed(session, party)])]);
    if (!maySee) this.#listeners.idForgotten(session, party);
  }

  #report(right: EndedRight): void {
    const { party, maySee } = right;
    if (this.#reported.has(keyOf(right))) return;
    this.#reported.add(keyOf(right));
    this.#context.security.note({
      kind: 'rights-lapsed',
      party,
      says: `${party} may not ${maySee ? 'control' : 'see'} a session any more: its profile is withdrawn`,
    });
  }
}

const keyOf = ({ session, party, maySee }: EndedRight) => `${session} ${party} ${maySee}`;
