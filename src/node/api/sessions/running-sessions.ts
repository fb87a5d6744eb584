import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { fold, type SessionKey } from '../../../domain/ids.ts';
import type { EpochMillis } from '../../../domain/units.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import type { Input } from '../../../store/sql/input.ts';
import { inputsByKeys, MOST_KEYS, runningSessions, sessionsByKeys } from '../../../store/sql/running-session.ts';
import { isRunning } from '../../../store/sql/session.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import type { SiteBalance } from '../../sites/site-balance.ts';
import type { SessionFinder } from './find-session.ts';
import type { LimitFacts, SessionFacts } from './running-list.ts';
import { describeFacts, describeLimit } from './session-facts.ts';
import type { SessionViewer } from './session-viewer.ts';
import type { AnySession } from './view-session.ts';

/** Most running sessions that are kept: the newest. Each takes about 5 kB. */
const MOST_KEPT = 50_000;
/** Without a request for this time, nothing is kept. */
const UNUSED_MS = 10 * 60_000;
/** What limits a session is found again after this time, whatever happened: a neighbour at its site may explain it now. */
const OLDEST_MS = 60_000;

/** A running session, as it is in the store. */
export interface KeptSession {
  readonly session: AnySession;
  readonly inputs: readonly Input[];
  readonly facts: SessionFacts;
  limit?: { facts: LimitFacts; at: EpochMillis; until: EpochMillis; from: Origin };
}

/** What the limit of a session depends on besides the session: the connection of its charge point, and its place at its site. */
interface Origin {
  online: boolean;
  target: number | undefined;
  evse: unknown;
}

interface Dependencies {
  context: Pick<Context, 'store' | 'clock' | 'config' | 'changedSessions' | 'metrics' | 'work'>;
  roles: Pick<Roles, 'cpo'>;
  finder: Pick<SessionFinder, 'isVisible'>;
  viewer: Pick<SessionViewer, 'known'>;
}

/**
 * The running sessions that the operator may see, kept in memory for lists that are sorted or filtered by what is no column of the
 * store. The first request reads all of them; later ones read those that have changed since.
 */
export class RunningSessions {
  readonly #it: Dependencies;
  readonly #kept = new Map<SessionKey, KeptSession>();
  readonly #changed = new Set<SessionKey>();
  #stop: (() => void) | undefined;
  #usedAt = 0;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(dependencies: Dependencies) {
    this.#it = dependencies;
    dependencies.context.metrics.keep('sessions kept for lists', () => this.#kept.size);
  }

  /** All running sessions, as they are in the store now. */
  async all(): Promise<readonly KeptSession[]> {
    const refresh = this.#refreshing.then(() => this.#refresh());
    this.#refreshing = refresh.catch(() => undefined); // the request that refreshes gets the failure
    await refresh;
    return [...this.#kept.values()];
  }

  /** What limits these sessions now. */
  async limitsOf(sessions: readonly KeptSession[]): Promise<ReadonlyMap<KeptSession, LimitFacts>> {
    const now = this.#it.context.clock.now();
    const origins = new Map(sessions.map((it) => [it, this.#originOf(it.session)]));
    const outdated = sessions.filter((it) => !isCurrent(it.limit, origins.get(it), now));
    for (let n = 0; n < outdated.length; n += MOST_KEYS) {
      const some = outdated.slice(n, n + MOST_KEYS);
      const known = await this.#it.viewer.known(some);
      for (const [at, it] of some.entries()) {
        const [knowledge, from] = [known[at], origins.get(it)];
        if (knowledge && from) it.limit = { ...describeLimit(knowledge), at: now, from };
      }
      await yieldToOthers();
    }
    return new Map(sessions.flatMap((it) => (it.limit ? [[it, it.limit.facts] as const] : [])));
  }

  /** Ends what is kept. */
  forget(): void {
    this.#stop?.();
    this.#stop = undefined;
    this.#kept.clear();
    this.#changed.clear();
  }

  async #refresh(): Promise<void> {
    const { clock, changedSessions } = this.#it.context;
    this.#usedAt = clock.steady();
    if (this.#stop) return await this.#readChanged();
    this.#stop = changedSessions.onChange((key) => this.#changed.add(key));
    this.#forgetLater();
    try {
      await this.#readAll();
    } catch (error) {
      this.forget();
      throw error;
    }
  }

  #forgetLater(): void {
    const { clock } = this.#it.context;
    clock.after(UNUSED_MS, () => {
      if (clock.steady() - this.#usedAt >= UNUSED_MS) this.forget();
      else this.#forgetLater();
    });
  }

  async #readAll(): Promise<void> {
    let after = 0;
    for (;;) {
      const read = await this.#it.context.store.all(runningSessions<OwnSession, Progress>(after, MOST_KEYS * 10));
      for (let n = 0; n < read.length; n += MOST_KEYS) await this.#keep(read.slice(n, n + MOST_KEYS));
      const last = read.at(-1);
      if (!last || read.length < MOST_KEYS * 10) return;
      after = last.seq;
      await yieldToOthers();
    }
  }

  async #readChanged(): Promise<void> {
    while (this.#changed.size > 0) {
      const keys = [...this.#changed].slice(0, MOST_KEYS);
      for (const key of keys) this.#changed.delete(key);
      try {
        const read = await this.#it.context.store.all(sessionsByKeys<OwnSession, Progress>(keys));
        for (const key of keys) this.#kept.delete(key);
        await this.#keep(read.filter(({ status }) => isRunning(status)));
      } catch (error) {
        for (const key of keys) this.#changed.add(key);
        throw error;
      }
    }
  }

  async #keep(sessions: readonly AnySession[]): Promise<void> {
    const { finder, context } = this.#it;
    const visible = sessions.filter(finder.isVisible);
    if (visible.length === 0) return;
    const inputs = Map.groupBy(await context.store.all(inputsByKeys(visible.map(({ key }) => key))), ({ session }) => session);
    for (const session of visible) {
      const own = inputs.get(session.key) ?? [];
      this.#kept.set(session.key, { session, inputs: own, facts: describeFacts(session, own, { context, site: this.#balanceOf(session)?.state.tree.name }) });
    }
    for (const key of this.#kept.keys()) {
      if (this.#kept.size <= MOST_KEPT) break;
      this.#kept.delete(key);
    }
  }

  #balanceOf({ peer, evseUid }: AnySession): SiteBalance | undefined {
    return peer === undefined && evseUid !== undefined ? this.#it.roles.cpo?.limits.balanceOf(evseUid) : undefined;
  }

  #originOf(session: AnySession): Origin {
    const { cpo } = this.#it.roles;
    const state = this.#balanceOf(session)?.state;
    const number = state?.numbers.get(fold(session.evseUid ?? ''));
    return {
      online: session.station !== undefined && cpo?.stations.server?.station(session.station) !== undefined,
      target: number === undefined ? undefined : state?.plan?.targets[number],
      evse: number === undefined ? undefined : state?.evses[number],
    };
  }
}

const isCurrent = (limit: KeptSession['limit'], origin: Origin | undefined, now: EpochMillis): boolean =>
  limit !== undefined &&
  now < limit.until &&
  now - limit.at < OLDEST_MS &&
  limit.from.online === origin?.online &&
  limit.from.target === origin.target &&
  limit.from.evse === origin.evse;
