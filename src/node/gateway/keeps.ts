import type { StationId } from '../../domain/ids.ts';
import { type Seconds, seconds } from '../../domain/units.ts';
import { Keep } from '../../ocpp/gateway/keep.ts';
import type { DecideToken } from '../../ocpp/gateway/kept-message.ts';
import type { KeptStation } from '../../ocpp/gateway/upstream.ts';
import type { OcppVersion } from '../../ocpp/station.ts';
import type { Csms } from '../config/gateway-mistakes.ts';
import type { Context } from '../core/context.ts';
import type { Log } from '../core/log.ts';
import { keptStoreOf } from './kept-store.ts';

/** The heartbeat interval for charge points whose CSMS is away. */
const HEARTBEAT: Seconds = seconds(300);

/** What keeping needs of other parts of the node. */
export interface KeepsDependencies {
  log: Log;
  /** Decides on a token by the tokens that the node knows. */
  decide(station: StationId, ...token: Parameters<DecideToken>): ReturnType<DecideToken>;
  csmsOf(station: StationId): Csms | undefined;
}

/** What is kept for each charge point behind a CSMS that has connected since the start. */
export class Keeps {
  readonly #context: Context;
  readonly #dependencies: KeepsDependencies;
  readonly #keeps = new Map<StationId, { version: OcppVersion; keep: Promise<Keep> }>();

  constructor(context: Context, dependencies: KeepsDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    context.metrics.keep('charge points behind a CSMS', () => this.#keeps.size);
  }

  /** What is kept for a station; a station that comes with another version of OCPP gets a new one. */
  async of({ id, version }: KeptStation): Promise<Keep> {
    const known = this.#keeps.get(id);
    if (known?.version === version) return known.keep;
    const keep = this.#open({ id, version }, known?.keep);
    this.#keeps.set(id, { version, keep });
    // After a failure of the store the next connection tries again.
    keep.catch(() => this.#keeps.get(id)?.keep === keep && this.#keeps.delete(id));
    return keep;
  }

  /** Ends all sending; resolves when nothing of it runs. */
  async close(): Promise<void> {
    await Promise.all([...this.#keeps.values()].map(async ({ keep }) => (await keep).close()));
  }

  async #open({ id: station, version }: KeptStation, before: Promise<Keep> | undefined): Promise<Keep> {
    await (await before)?.close();
    const { clock, metrics } = this.#context;
    const { log, decide, csmsOf } = this.#dependencies;
    const { keep = { messages: 0, days: 1, authorize: 'tokens' } } = csmsOf(station) ?? {};
    const decisions = { accept: 'Accepted', refuse: 'Invalid' } as const;
    return Keep.open({
      station,
      version,
      policy: { messages: keep.messages, days: keep.days, heartbeat: HEARTBEAT },
      store: keptStoreOf(station, this.#context),
      clock,
      decide: async (idToken, evseId) => (keep.authorize === 'tokens' ? decide(station, idToken, evseId) : { status: decisions[keep.authorize] }),
      log,
      count: (what, by) => metrics.keptMessages.inc({ what }, by),
    });
  }
}
