import type { PartyKey, SessionKey } from '../../domain/ids.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import { getSession } from '../../ocpi/sessions/get-session.ts';
import { patchSession } from '../../ocpi/sessions/patch-session.ts';
import { putSession } from '../../ocpi/sessions/put-session.ts';
import type { WireSession, WireSessionPatch } from '../../ocpi/sessions/session.ts';
import { writeSession } from '../../ocpi/sessions/write-session.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { pushDelay, sessionChange } from '../../roles/cpo/session-changes.ts';
import { dropPush, failedPushes, type Push, pushOf, savePush } from '../../store/sql/push.ts';
import { sessionByKey } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import { offlineParty, PARTY_OFFLINE, RECEIVING_ROLES } from '../peers/party-connection.ts';
import { clientFor } from '../peers/peer-client.ts';
import type { Reader, SessionReaders } from '../rights/session-readers.ts';
import { createPushQueue, type HeldCopy, heldCopy, type PushQueue } from './push-queue.ts';

/** One session at one receiver. */
interface Receiver {
  key: SessionKey;
  reader: Reader;
  /** Send the whole session, or the changed fields; resolve with whether it arrived. */
  put(): Promise<boolean>;
  patch(patch: WireSessionPatch): Promise<boolean>;
  readBack(): Promise<HeldCopy<WireSession>>;
}

/** Pushes sessions to their readers: the newest state, never a queue of old messages (SES-01, SES-02, CP-64, TRN-33, TRN-53). */
export class SessionPushes {
  readonly #context: Context;
  readonly #readers: SessionReaders;
  readonly #queue: PushQueue<SessionKey, PartyKey>;
  /** Sessions and parties whose next push waits, each with what cancels the wait; at most one for each running session and reader. */
  readonly #waiting = new Map<string, () => void>();

  constructor(context: Context, readers: SessionReaders) {
    this.#context = context;
    this.#readers = readers;
    this.#queue = createPushQueue(context, (key, party) => this.#push(key, party));
    context.metrics.keep('waiting pushes', () => this.#waiting.size);
  }

  /** A session changed, or the rights to see it: pushes it soon, or when the last push is old enough (CDP-06). */
  changed(key: SessionKey): void {
    this.#context.work.start(`session ${key}`, async () => {
      for (const { party } of await this.#readersOf(key)) this.#queue.wake(key, party);
    });
  }

  async #readersOf(key: SessionKey): Promise<readonly Reader[]> {
    const session = await this.#context.store.first(sessionByKey<OwnSession, Progress>(key));
    return session ? this.#readers.of(session) : [];
  }

  async #push(key: SessionKey, party: PartyKey): Promise<void> {
    const { store } = this.#context;
    const reader = (await this.#readersOf(key)).find((it) => it.party === party);
    // The party has lost the right to see the session meanwhile.
    if (!reader) {
      this.#endWait(key, party);
      return void (await store.commit([dropPush(key, party)]));
    }
    const to = this.#receiver(key, reader);
    if (!to) return;
    const state = await store.first(pushOf<WireSession>(key, party));
    if (offlineParty(reader.peer, party, RECEIVING_ROLES)) return this.#postpone(to, state);
    if (state && this.#waits(to, state)) return;
    this.#endWait(key, party);
    const held = state?.failed ? await to.readBack() : ({ is: 'KNOWN', object: state?.acknowledged } as const);
    if (held.is === 'UNKNOWN') return;
    await this.#send(held.object, to);
  }

  /** Whether the push has to wait. The newest state is pushed when the wait is over. */
  #waits({ key, reader: { party, session, pushEvery } }: Receiver, { acknowledged, failed, pushedAt }: Push<WireSession>): boolean {
    const { clock } = this.#context;
    if (!acknowledged || failed || pushedAt === undefined) return false;
    const ms = pushDelay({ acknowledged, pushedAt, session, every: pushEvery, now: clock.now() });
    if (ms <= 0) return false;
    const pair = `${key}\n${party}`;
    if (this.#waiting.has(pair)) return true;
    this.#waiting.set(
      pair,
      clock.after(ms, () => {
        this.#waiting.delete(pair);
        this.#queue.wake(key, party);
      }),
    );
    return true;
  }

  #endWait(key: SessionKey, party: PartyKey): void {
    const pair = `${key}\n${party}`;
    this.#waiting.get(pair)?.();
    this.#waiting.delete(pair);
  }

  /** Sends nothing to a party that is offline and queues nothing: the newest state is pushed when the party is back (HCI-01, HCI-02). */
  async #postpone({ key, reader: { party, peer, driver } }: Receiver, state: Push<WireSession> | undefined): Promise<void> {
    if (state?.failed) return;
    const { store, metrics, journal, clock } = this.#context;
    await store.commit([savePush({ session: key, driver, party, peer: peer.id, acknowledged: state?.acknowledged, failed: true, pushedAt: clock.now() })]);
    metrics.pushes.inc({ what: 'session', outcome: 'UNDELIVERED' });
    journal.note({ step: 'session-pushed', session: key, peer: peer.id, party, by: 'nothing', outcome: `UNDELIVERED (${PARTY_OFFLINE})` });
  }

  async #send(held: WireSession | undefined, to: Receiver): Promise<void> {
    const { session } = to.reader;
    const change = sessionChange(held, session);
    if (change.by === 'nothing') return this.#record(to, session, 'as it is');
    if (change.by === 'PUT') return this.#record(to, (await to.put()) ? session : undefined, 'PUT');
    if (await to.patch(change.patch)) return this.#record(to, session, 'PATCH');
    // TRN-33: reads the receiver's copy. When the copy differs, sends the whole object once.
    const copy = await to.readBack();
    if (copy.is === 'UNKNOWN') return this.#record(to, undefined, 'PATCH');
    if (copy.object && sessionChange(copy.object, session).by === 'nothing') return this.#record(to, session, 'PATCH');
    return this.#record(to, (await to.put()) ? session : undefined, 'PUT');
  }

  async #record({ key, reader: { party, peer, driver } }: Receiver, acknowledged: WireSession | undefined, by: string): Promise<void> {
    const { store, metrics, journal, clock } = this.#context;
    const failed = acknowledged === undefined;
    await store.commit([savePush({ session: key, driver, party, peer: peer.id, acknowledged, failed, pushedAt: clock.now() })]);
    const outcome = acknowledged ? 'DELIVERED' : 'UNDELIVERED';
    metrics.pushes.inc({ what: 'session', outcome });
    journal.note({ step: 'session-pushed', session: key, peer: peer.id, party, by, outcome });
  }

  /** Undefined when the peer is not registered any more, or takes no sessions. */
  #receiver(key: SessionKey, reader: Reader): Receiver | undefined {
    const { peer, session, ids } = reader;
    const to = clientFor(this.#context, peer, { module: 'sessions', role: 'RECEIVER' });
    if (!to) return undefined;
    const { client, base } = to;
    const written = writeSession(client.edition, session);
    const call = { base, params: { country_code: session.country_code, party_id: session.party_id, session_id: session.id }, query: undefined, ids };
    return {
      key,
      reader,
      put: async () => (await callEndpoint(client, putSession, { ...call, body: written })).is === 'SUCCESS',
      patch: async (patch) => (await callEndpoint(client, patchSession, { ...call, body: writePatch(patch, written) })).is === 'SUCCESS',
      readBack: async () => heldCopy(await callEndpoint(client, getSession, { ...call, body: undefined })),
    };
  }

  /** Repeats the pushes that failed, to all parties or to one, starting from the receiver's own copy. */
  async retry(only?: PartyKey): Promise<void> {
    for (const { session, party } of await this.#context.store.all(failedPushes)) if (only === undefined || only === party) this.#queue.wake(session, party);
  }
}

/** The changed fields in the form of the receiver's OCPI version. */
const writePatch = (patch: WireSessionPatch, { total_cost, cdr_token }: WireSession): WireSessionPatch => ({
  ...patch,
  ...(patch.total_cost && total_cost && { total_cost }),
  ...(patch.cdr_token && { cdr_token }),
});
