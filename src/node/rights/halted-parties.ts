import type { PartyKey } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { controlledBy } from '../../store/sql/session-rights.ts';
import type { Context } from '../core/context.ts';
import type { Agreements } from './agreements.ts';
import { type RightEndListeners, RightEnds } from './end-rights.ts';

/** What the rest of the node does when a party is halted or resumed. */
export interface HaltListeners extends RightEndListeners {
  /** The party may control sessions again: sends it what holds now. */
  resumed(party: PartyKey): Promise<void>;
}

/** A withdrawal that failed is retried after this time. */
const RETRY_MS = 5_000;

/**
 * Creates the kill switch (SEC-34): each call reads the halted parties, which a command may have changed, and withdraws all that they
 * control, at once for a party that was not halted at the last call. It shares no query with other jobs and does not wait for them. A party
 * that is halted no longer is sent what holds on the sessions that it controlled.
 */
export function createHaltedParties(context: Context, agreements: Pick<Agreements, 'refresh'>, listeners: HaltListeners): () => Promise<void> {
  const { store, clock } = context;
  const ends = new RightEnds(context, listeners);
  let known: ReadonlySet<PartyKey> = new Set();
  let retryAt: EpochMillis = epochMillis(0);
  return async () => {
    const halted = await agreements.refresh();
    const resumed = [...known].filter((party) => !halted.includes(party));
    known = new Set([...known].filter((party) => halted.includes(party)));
    await Promise.all(resumed.map((party) => listeners.resumed(party)));
    const now = clock.now();
    if (now < retryAt && halted.every((party) => known.has(party))) return;
    const controlled = await Promise.all(
      halted.map(async (party) => (await store.all(controlledBy(party))).map((session) => ({ session, party, maySee: true, halted: true as const }))),
    );
    await ends.endAll(controlled.flat());
    known = new Set(halted);
    retryAt = epochMillis(now + RETRY_MS);
  };
}
