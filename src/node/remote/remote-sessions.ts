import { fold, type PartyKey, type PeerId, partyKey, partyOfSession, type SessionKey, sessionKey } from '../../domain/ids.ts';
import { keyOf, partiesOf } from '../../domain/party.ts';
import { ERASED, isErased, mapSessionPersonalData } from '../../domain/personal-data.ts';
import { epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import type { WireSession, WireSessionPatch } from '../../ocpi/sessions/session.ts';
import { patch, put, type ReceivedSession } from '../../roles/emsp/receive-session.ts';
import { driverIdOf } from '../../store/encryption.ts';
import { addEvent } from '../../store/sql/event.ts';
import { endInputs } from '../../store/sql/input.ts';
import { isRunning, type StoredSession, saveSession, sessionsByFoldedId, setStale } from '../../store/sql/session.ts';
import { endSteering } from '../../store/sql/steering.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { StoredQuota } from '../core/stored-quota.ts';
import { isHub } from '../peers/hub-parties.ts';
import type { MessageParties, ReceiveOutcome } from '../peers/received-object.ts';

/** Names a session as its URL does. */
export interface SessionName {
  country_code: string;
  party_id: string;
  session_id: string;
}

/** Called when a session of another platform is received. */
export interface RemoteSessionListeners {
  /** The copy of this peer's sessions is stale: it must be pulled. */
  markStale(peer: PeerId): void;
  /** A session is new or changed: it must be pushed to the parties to which it is relayed. */
  changed(key: SessionKey): void;
}

type Held = StoredSession<WireSession, undefined>;
/** The key of a session in the store, and the session that is stored under it. */
interface Stored {
  key: SessionKey;
  before: Held | undefined;
}

/** Personal data that was erased stays erased when the CPO sends the session again: a pull brings back old sessions (SEC-46). */
const withErasure = (before: Held | undefined, received: WireSession): WireSession =>
  isErased(before?.body) ? mapSessionPersonalData(received, () => ERASED) : received;

/** Sessions of peers: those of a CPO for our eMSP, and those that an eMSP relays to our SCSP (SES-30 to SES-42, CP-64). */
export class RemoteSessions {
  readonly #context: Context;
  readonly #listeners: RemoteSessionListeners;
  /** Messages about one session are merged one after another, also when they arrive at once. */
  readonly #serial = new SerialByKey<string>();
  readonly #quota: StoredQuota;
  readonly #hosted: { emsps: readonly PartyKey[]; scsps: readonly PartyKey[] };

  constructor(context: Context, listeners: RemoteSessionListeners) {
    this.#context = context;
    this.#listeners = listeners;
    this.#quota = new StoredQuota(context, 'sessions');
    context.metrics.keep('work in order', () => this.#serial.size);
    this.#hosted = { emsps: hostedParties(context.config, 'EMSP'), scsps: hostedParties(context.config, 'SCSP') };
  }

  /** The session of this name, when the sender may name it. */
  async find(parties: MessageParties, name: SessionName): Promise<WireSession | undefined> {
    const held = await this.#held(parties.peer, name);
    return held && mayName(parties, held.key) ? held.body : undefined;
  }

  /** The key of the session that this peer sent under this name. */
  async keyOf(peer: KnownPeer, name: SessionName): Promise<SessionKey | undefined> {
    return (await this.#held(peer, name))?.key;
  }

  /** Receives a PUT. */
  async put(parties: MessageParties, name: SessionName, received: WireSession): Promise<ReceiveOutcome> {
    const key = this.#keyOf(parties.peer, received);
    if (key === undefined || !mayName(parties, key)) return this.#foreign(parties, name);
    if (this.#receiverOf(received, parties.to) === undefined) return 'unknown token';
    return this.#serially(parties, name, async () => {
      const before = await this.#held(parties.peer, name);
      if (!before && !(await this.#quota.take(parties.peer.id, partyOfSession(key)))) return 'too many';
      await this.#store(parties, { key, before }, { ...put(before?.body, received), by: 'PUT' });
      return before ? 'changed' : 'created';
    });
  }

  /** Receives a PATCH. */
  async patch(parties: MessageParties, name: SessionName, received: WireSessionPatch): Promise<ReceiveOutcome> {
    if (!this.#maySend(parties.peer, name)) return this.#foreign(parties, name);
    return this.#serially(parties, name, async () => {
      const before = await this.#held(parties.peer, name);
      if (!before) {
        this.#listeners.markStale(parties.peer.id); // the CPO gets 404 and may PUT the session; else the next pull brings it (how-a-request-runs §7)
        return 'unknown';
      }
      if (!mayName(parties, before.key)) return this.#foreign(parties, name);
      const merged = patch(before.body, received);
      if (this.#receiverOf(merged.session, parties.to) === undefined) return 'unknown token';
      // A PATCH may not move the session to another party.
      if (this.#keyOf(parties.peer, merged.session) !== before.key) return this.#foreign(parties, name);
      await this.#store(parties, { key: before.key, before }, { ...merged, by: 'PATCH' });
      return 'changed';
    });
  }

  /** Stores a pulled session in place of the stored one, unless it is older (SES-07). */
  async replace(parties: Omit<MessageParties, 'from'>, pulled: WireSession): Promise<ReceiveOutcome> {
    const key = this.#keyOf(parties.peer, pulled);
    const name = { country_code: pulled.country_code, party_id: pulled.party_id, session_id: pulled.id };
    if (key === undefined) return this.#foreign(parties, name);
    if (this.#receiverOf(pulled, parties.to) === undefined) return 'unknown token';
    return this.#serially(parties, name, async () => {
      const before = await this.#held(parties.peer, name);
      if (!before && !(await this.#quota.take(parties.peer.id, partyOfSession(key)))) return 'too many';
      const older = before && (readDateTime(pulled.last_updated) ?? 0) < before.lastUpdated;
      const same = before && !before.stale && JSON.stringify(before.body) === JSON.stringify(withErasure(before, pulled));
      if (!older && !same) await this.#store(parties, { key, before }, { session: pulled, stale: false, by: 'pull' });
      return before ? 'changed' : 'created';
    });
  }

  #serially(parties: Pick<MessageParties, 'peer'>, name: SessionName, work: () => Promise<ReceiveOutcome>): Promise<ReceiveOutcome> {
    return this.#serial.run(fold(`${parties.peer.id} ${name.session_id}`), work);
  }

  /** Refuses a session that the peer may not send, and records the attempt. */
  #foreign({ peer }: Pick<MessageParties, 'peer'>, { country_code, party_id }: SessionName): ReceiveOutcome {
    this.#context.security.note({
      kind: 'foreign-object',
      peer: peer.id,
      says: `${peer.id} sent a session of ${partyKey(country_code, party_id)}, a party that it does not speak for`,
    });
    return 'foreign';
  }

  /** A peer may send sessions of its own CPO parties (SEC-16, TRN-35, TRN-37); to an SCSP of ours an eMSP may send the sessions that it relays. */
  #maySend(peer: KnownPeer, { country_code, party_id }: { country_code: string; party_id: string }): boolean {
    return partiesOf(peer.roles, 'CPO').includes(partyKey(country_code, party_id)) || this.#mayRelay(peer);
  }
  #mayRelay(peer: KnownPeer): boolean {
    return this.#hosted.scsps.length > 0 && partiesOf(peer.roles, 'EMSP').length > 0;
  }

  /**
   * The key of a session in the store. It begins with the party that sends the session, so that no peer can overwrite the session of
   * another. Undefined when this peer may not send the session.
   */
  #keyOf(peer: KnownPeer, { country_code, party_id, id, cdr_token }: WireSession): SessionKey | undefined {
    if (partiesOf(peer.roles, 'CPO').includes(partyKey(country_code, party_id))) return sessionKey(country_code, party_id, id);
    const relaying = this.#mayRelay(peer) && partiesOf(peer.roles, 'EMSP').includes(keyOf(cdr_token));
    return relaying ? sessionKey(cdr_token.country_code, cdr_token.party_id, id) : undefined;
  }

  /** The stored session that this peer sent under this name. */
  async #held(peer: KnownPeer, name: SessionName): Promise<Held | undefined> {
    const sessions = await this.#context.store.all(sessionsByFoldedId<WireSession, undefined>(fold(name.session_id)));
    return sessions.find((it) => it.peer === peer.id && keyOf(it.body) === partyKey(name.country_code, name.party_id));
  }

  /** The party of ours that receives the session: the eMSP that owns its token, or the SCSP that the message addresses. */
  #receiverOf({ cdr_token }: WireSession, to: PartyKey | undefined): PartyKey | undefined {
    const { emsps, scsps } = this.#hosted;
    const owner = keyOf(cdr_token);
    if (emsps.includes(owner)) return owner;
    return to !== undefined && scsps.includes(to) ? to : scsps[0];
  }

  async #store(
    { peer, to }: Pick<MessageParties, 'peer' | 'to'>,
    { key, before }: Stored,
    { session: received, stale, by }: ReceivedSession & { by: string },
  ): Promise<void> {
    const { store, clock, journal, encryption } = this.#context;
    const at = clock.now();
    const session = withErasure(before, received);
    const row = {
      key,
      peer: peer.id,
      foldedId: fold(session.id),
      tokenParty: keyOf(session.cdr_token),
      status: session.status,
      lastUpdated: readDateTime(session.last_updated) ?? epochMicros(at * 1000),
      body: session,
      station: undefined,
      evseUid: session.evse_uid,
      transactionId: undefined,
      profileId: undefined,
      progress: undefined,
      driver: isErased(session) ? before?.driver : driverIdOf(encryption, session.cdr_token.uid),
      receiver: this.#receiverOf(session, to),
      locationId: session.location_id,
    };
    await store.commit([
      saveSession<WireSession, undefined>(row),
      setStale(key, stale),
      addEvent({ at, kind: 'session', session: key, driver: row.driver, body: session }),
      ...(isRunning(session.status) ? [] : [endInputs(key), endSteering(key)]),
    ]);
    journal.note({ step: 'session-received', session: key, peer: peer.id, by, status: session.status, evseUid: session.evse_uid });
    journal.eventsCommitted();
    if (stale) this.#listeners.markStale(peer.id);
    this.#listeners.changed(key);
  }
}

/** A party behind a hub may not send or read the sessions of another party; a session's key begins with the party that sends it (SEC-14, SEC-16). */
const mayName = ({ peer, from }: Pick<MessageParties, 'peer' | 'from'>, key: SessionKey): boolean => !isHub(peer) || partyOfSession(key) === from;
