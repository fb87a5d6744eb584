import type { SessionKey } from '../../domain/ids.ts';
import { cancelOpenOfParty } from '../../store/sql/exchange.ts';
import { dropPush } from '../../store/sql/push.ts';
import { forgetRelayed } from '../../store/sql/relayed.ts';
import { type ExpiredRight, expiredRights, sessionsToPush } from '../../store/sql/session-rights.ts';
import { endPartySteering } from '../../store/sql/steering.ts';
import type { Context } from '../core/context.ts';
import { cancelExchanges } from '../core/end-exchange.ts';
import type { WithdrawProfile } from './withdraw-profile.ts';

/** What the rest of the node does when a right ends or begins. */
export interface ExpiredRightsListeners {
  withdrawProfile: WithdrawProfile;
  /** Parties that may know of a session were not told. */
  pushSession(session: SessionKey): void;
}

/** Rights that have ended while something of them is left: a consent withdrawn, a contract over, a party halted (SEC-34, SEC-44). */
export class ExpiredRights {
  readonly #context: Context;
  readonly #followers: ExpiredRightsListeners;
  /** Those that an operator was told of. */
  readonly #noted = new Set<string>();
  /** Those of whom a set was under way when they ended, and may still take effect. */
  readonly #underWay = new Set<string>();

  constructor(context: Context, followers: ExpiredRightsListeners) {
    this.#context = context;
    this.#followers = followers;
  }

  /**
   * Ends what is left of them: open requests end, what was set is taken back, nothing more is told. What could not be done is done
   * again the next time, since a charge point may be away. Those who newly may see a session are told of it.
   */
  async end(): Promise<void> {
    const { store, clock } = this.#context;
    const found = await store.all(expiredRights(clock.now()));
    const marks = new Set(found.map(markOf));
    for (const kept of [this.#noted, this.#underWay]) for (const mark of kept) if (!marks.has(mark)) kept.delete(mark);
    await Promise.all(found.map((lapse) => this.#endOne(lapse)));
    for (const session of await store.all(sessionsToPush(clock.now()))) this.#followers.pushSession(session);
  }

  async #endOne(lapse: ExpiredRight): Promise<void> {
    const { store, clock } = this.#context;
    const { session, party, maySee } = lapse;
    const cancel = cancelOpenOfParty(session, party, { reason: 'rights_lapsed', at: clock.now() });
    const ended = await cancelExchanges(this.#context, cancel, maySee ? [] : [dropPush(session, party)]);
    this.#note(lapse);
    if (ended.some(({ ask }) => ask.kind === 'set')) this.#underWay.add(markOf(lapse));
    if ((await this.#followers.withdrawProfile({ session, party, underWay: this.#underWay.has(markOf(lapse)) })) === 'not yet') return;
    this.#underWay.delete(markOf(lapse));
    await store.commit([endPartySteering(session, party), ...(maySee ? [] : [forgetRelayed(session, party)])]);
  }

  #note(lapse: ExpiredRight): void {
    const { party, maySee } = lapse;
    if (this.#noted.has(markOf(lapse))) return;
    this.#noted.add(markOf(lapse));
    this.#context.security.note({
      kind: 'rights-lapsed',
      party,
      says: `${party} may not ${maySee ? 'steer' : 'see'} a session any more: what it has set is taken back`,
    });
  }
}

const markOf = ({ session, party, maySee }: ExpiredRight) => `${session} ${party} ${maySee}`;
