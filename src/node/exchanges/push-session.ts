import { asPartyKey, asSessionKey, type PartyKey, type SessionKey } from '../../domain/ids.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import { getSession } from '../../ocpi/sessions/get-session.ts';
import { patchSession } from '../../ocpi/sessions/patch-session.ts';
import { putSession } from '../../ocpi/sessions/put-session.ts';
import type { WireSession, WireSessionPatch } from '../../ocpi/sessions/session.ts';
import { writeSession } from '../../ocpi/sessions/write-session.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { sessionChange } from '../../roles/cpo/session-changes.ts';
import { dropPush, failedPushes, type Push, pushOf, savePush } from '../../store/sql/push.ts';
import { sessionByKey } from '../../store/sql/session.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import { offlineParty, PARTY_OFFLINE, RECEIVING_ROLES } from '../peers/party-connection.ts';
import { clientFor } from '../peers/peer-client.ts';
import type { Reader, SessionReaders } from '../rights/session-readers.ts';

/** How one receiver is told of one session. */
interface Way {
  put(): Promise<boolean>;
  patch(patch: WireSessionPatch): Promise<boolean>;
  readBack(): Promise<{ is: 'KNOWN'; session: WireSession | undefined } | { is: 'UNKNOWN' }>;
}
interface Told {
  key: SessionKey;
  reader: Reader;
  way: Way;
}

/** Neither a session's key nor a party's can hold a line break. */
const BETWEEN = '\n';

/** Keeps the readers of sessions up to date: the newest state, never a queue of old messages (SES-01, SES-02, CP-64, TRN-33, TRN-53). */
export class SessionPushes {
  readonly #context: Context;
  readonly #readers: SessionReaders;
  readonly #tasks: CoalescedTask<string>;
  #stopped = false;

  constructor(context: Context, readers: SessionReaders) {
    this.#context = context;
    this.#readers = readers;
    this.#tasks = coalesce(async (lane) => {
      const [key = '', party = ''] = lane.split(BETWEEN);
      await this.#push(asSessionKey(key), asPartyKey(party));
    }, this.#reportError);
  }

  /** The node ends: what is left half told, its receiver's next pull brings. */
  stop(): void {
    this.#stopped = true;
  }

  #reportError = (what: string, error: unknown): void => {
    if (!this.#stopped) this.#context.reportError(what.replace(BETWEEN, ' to '), error);
  };

  /** Tells the readers, soon. */
  changed(key: SessionKey): void {
    this.#readersOf(key)
      .then((readers) => {
        for (const { party } of readers) this.#tasks.wake(key + BETWEEN + party);
      })
      .catch((error) => this.#reportError(`session ${key}`, error));
  }

  async #readersOf(key: SessionKey): Promise<readonly Reader[]> {
    const session = await this.#context.store.first(sessionByKey<OwnSession, Progress>(key));
    return session ? this.#readers.of(session) : [];
  }

  async #push(key: SessionKey, party: PartyKey): Promise<void> {
    const { store } = this.#context;
    if (this.#stopped) return;
    const reader = (await this.#readersOf(key)).find((it) => it.party === party);
    // Since it was to be told, it may have lost the right to know.
    if (!reader) return void (await store.commit([dropPush(key, party)]));
    const way = this.#wayTo(reader);
    if (!way) return;
    const state = await store.first(pushOf<WireSession>(key, party));
    if (offlineParty(reader.peer, party, RECEIVING_ROLES)) return this.#owe({ key, reader, way }, state);
    const held = state?.failed ? await way.readBack() : ({ is: 'KNOWN', session: state?.acknowledged } as const);
    if (held.is === 'UNKNOWN') return;
    await this.#tell(held.session, { key, reader, way });
  }

  /** Nothing is sent to a party that is away, nor put by: what holds when it is back is told then (HCI-01, HCI-02). */
  async #owe({ key, reader: { party, peer, driver } }: Told, state: Push<WireSession> | undefined): Promise<void> {
    if (state?.failed) return;
    await this.#context.store.commit([savePush({ session: key, driver, party, peer: peer.id, acknowledged: state?.acknowledged, failed: true })]);
    this.#context.metrics.pushes.inc({ what: 'session', outcome: 'UNDELIVERED' });
    this.#context.journal.note({ step: 'session-pushed', session: key, peer: peer.id, party, by: 'nothing', outcome: `UNDELIVERED (${PARTY_OFFLINE})` });
  }

  async #tell(held: WireSession | undefined, to: Told): Promise<void> {
    const { session } = to.reader;
    const change = sessionChange(held, session);
    if (change.by === 'nothing') return this.#record(to, session, 'as it is');
    if (change.by === 'PUT') return this.#record(to, (await to.way.put()) ? session : undefined, 'PUT');
    if (await to.way.patch(change.patch)) return this.#record(to, session, 'PATCH');
    // TRN-33: what does the receiver have? If nothing, or something else, it gets the whole object, once.
    const copy = await to.way.readBack();
    if (copy.is === 'UNKNOWN') return this.#record(to, undefined, 'PATCH');
    if (copy.session && sessionChange(copy.session, session).by === 'nothing') return this.#record(to, session, 'PATCH');
    return this.#record(to, (await to.way.put()) ? session : undefined, 'PUT');
  }

  async #record({ key, reader: { party, peer, driver } }: Told, acknowledged: WireSession | undefined, by: string): Promise<void> {
    await this.#context.store.commit([savePush({ session: key, driver, party, peer: peer.id, acknowledged, failed: acknowledged === undefined })]);
    const outcome = acknowledged ? 'DELIVERED' : 'UNDELIVERED';
    this.#context.metrics.pushes.inc({ what: 'session', outcome });
    this.#context.journal.note({ step: 'session-pushed', session: key, peer: peer.id, party, by, outcome });
  }

  #wayTo({ peer, session, ids }: Reader): Way | undefined {
    const to = clientFor(this.#context, peer, { module: 'sessions', role: 'RECEIVER' });
    if (!to) return undefined;
    const { client, base } = to;
    const written = writeSession(client.edition, session);
    const where = { base, params: { country_code: session.country_code, party_id: session.party_id, session_id: session.id }, query: undefined, ids };
    return {
      put: async () => (await callEndpoint(client, putSession, { ...where, body: written })).is === 'SUCCESS',
      patch: async (patch) => (await callEndpoint(client, patchSession, { ...where, body: writePatch(patch, written) })).is === 'SUCCESS',
      readBack: async () => {
        const read = await callEndpoint(client, getSession, { ...where, body: undefined });
        if (read.is === 'SUCCESS') return { is: 'KNOWN', session: read.data };
        return read.httpStatus === 404 || read.because === 'ocpi_2xxx' ? { is: 'KNOWN', session: undefined } : { is: 'UNKNOWN' };
      },
    };
  }

  /** Tries again those that failed, all or those to one party, from their receiver's own copy. */
  async retry(only?: PartyKey): Promise<void> {
    for (const { session, party } of await this.#context.store.all(failedPushes<WireSession>()))
      if (only === undefined || only === party) this.#tasks.wake(session + BETWEEN + party);
  }
}

/** The same fields in the words of the receiver's edition. */
const writePatch = (patch: WireSessionPatch, { total_cost, cdr_token }: WireSession): WireSessionPatch => ({
  ...patch,
  ...(patch.total_cost && total_cost && { total_cost }),
  ...(patch.cdr_token && { cdr_token }),
});
