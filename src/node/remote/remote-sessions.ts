import { fold, type PartyKey, type PeerId, partyKey, partyOfSession, type SessionKey, sessionKey } from '../../domain/ids.ts';
import { keyOf, partiesOf } from '../../domain/party.ts';
import { ERASED, isErased, mapSessionPersonalData } from '../../domain/personal-data.ts';
import { epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import type { WireSession, WireSessionPatch } from '../../ocpi/sessions/session.ts';
import { patch, put, type ReceivedSession } from '../../roles/emsp/receive-session.ts';
import { driverIdOf } from '../../store/encryption.ts';
import { addEvent } from '../../store/sql/event.ts';
import { type StoredSession, saveSession, sessionsByFoldedId, setStale } from '../../store/sql/session.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { isHub } from '../peers/hub-parties.ts';
import type { MessageParties, ReceiveOutcome } from '../peers/received-object.ts';

/** Names a session as its URL does. */
export interface SessionName {
  country_code: string;
  party_id: string;
  session_id: string;
}

/** What the rest of the node does about sessions that come in. */
export interface RemoteSessionListeners {
  /** Something was told that leaves a markStale: pull from that peer. */
  markStale(peer: PeerId): void;
  /** A session came or changed: those it is relayed to are told. */
  changed(key: SessionKey): void;
}

type Held = StoredSession<WireSession, undefined>;
/** The name of a session in the store, and what stands there under it. */
interface Kin {
  key: SessionKey;
  before: Held | undefined;
}

/** What was erased stays erased, also when its CPO tells it again: a pull brings back what is past (SEC-46). */
const asKept = (before: Held | undefined, told: WireSession): WireSession => (isErased(before?.body) ? mapSessionPersonalData(told, () => ERASED) : told);

/** The sessions that peers tell us of: a CPO of its own for our customers, an eMSP of its customers for an SCSP of ours (SES-30 to SES-42, CP-64). */
export class RemoteSessions {
  readonly #context: Context;
  readonly #followers: RemoteSessionListeners;
  /** Each message is merged into what the one before left, also when they come at once. */
  readonly #turns = new SerialByKey<string>();
  readonly #hosted: { emsps: readonly PartyKey[]; scsps: readonly PartyKey[] };

  constructor(context: Context, followers: RemoteSessionListeners) {
    this.#context = context;
    this.#followers = followers;
    this.#hosted = { emsps: hostedParties(context.config, 'EMSP'), scsps: hostedParties(context.config, 'SCSP') };
  }

  async find(telling: MessageParties, name: SessionName): Promise<WireSession | undefined> {
    const held = await this.#held(telling.peer, name);
    return held && speaksOf(telling, held.key) ? held.body : undefined;
  }

  /** What the store calls the session that this peer told of under this name. */
  async keyOf(peer: KnownPeer, name: SessionName): Promise<SessionKey | undefined> {
    return (await this.#held(peer, name))?.key;
  }

  async put(telling: MessageParties, name: SessionName, told: WireSession): Promise<ReceiveOutcome> {
    const key = this.#keyOf(telling.peer, told);
    if (key === undefined || !speaksOf(telling, key)) return this.#foreign(telling, name);
    return this.#inTurn(telling, name, async () => {
      const before = await this.#held(telling.peer, name);
      await this.#keep(telling, { key, before }, { ...put(before?.body, told), by: 'PUT' });
      return before ? 'changed' : 'created';
    });
  }

  async patch(telling: MessageParties, name: SessionName, told: WireSessionPatch): Promise<ReceiveOutcome> {
    if (!this.#mayTell(telling.peer, name)) return this.#foreign(telling, name);
    return this.#inTurn(telling, name, async () => {
      const before = await this.#held(telling.peer, name);
      if (!before) {
        this.#followers.markStale(telling.peer.id); // its CPO hears 404 and may PUT it; if it does not, it is pulled (how-a-request-runs §7)
        return 'unknown';
      }
      if (!speaksOf(telling, before.key)) return this.#foreign(telling, name);
      const received = patch(before.body, told);
      // A session stays with the party that it was told for.
      if (this.#keyOf(telling.peer, received.session) !== before.key) return this.#foreign(telling, name);
      await this.#keep(telling, { key: before.key, before }, { ...received, by: 'PATCH' });
      return 'changed';
    });
  }

  /** Pulled from the peer: what it says is all there is (SES-07); not kept when it is older than what is held. */
  async replace(telling: Omit<MessageParties, 'from'>, told: WireSession): Promise<ReceiveOutcome> {
    const key = this.#keyOf(telling.peer, told);
    const name = { country_code: told.country_code, party_id: told.party_id, session_id: told.id };
    if (key === undefined) return this.#foreign(telling, name);
    return this.#inTurn(telling, name, async () => {
      const before = await this.#held(telling.peer, name);
      const older = before && (readDateTime(told.last_updated) ?? 0) < before.lastUpdated;
      const same = before && !before.stale && JSON.stringify(before.body) === JSON.stringify(asKept(before, told));
      if (!older && !same) await this.#keep(telling, { key, before }, { session: told, stale: false, by: 'pull' });
      return before ? 'changed' : 'created';
    });
  }

  #inTurn(telling: Pick<MessageParties, 'peer'>, name: SessionName, work: () => Promise<ReceiveOutcome>): Promise<ReceiveOutcome> {
    return this.#turns.run(fold(`${telling.peer.id} ${name.session_id}`), work);
  }

  #foreign({ peer }: Pick<MessageParties, 'peer'>, { country_code, party_id }: SessionName): ReceiveOutcome {
    this.#context.security.note({
      kind: 'foreign-object',
      peer: peer.id,
      says: `${peer.id} told of a session of ${partyKey(country_code, party_id)}, for whom it does not speak`,
    });
    return 'foreign';
  }

  /** A CPO speaks of its own sessions (SEC-16, TRN-35, TRN-37); to an SCSP, an eMSP speaks of those that it relays. */
  #mayTell(peer: KnownPeer, { country_code, party_id }: { country_code: string; party_id: string }): boolean {
    return partiesOf(peer.roles, 'CPO').includes(partyKey(country_code, party_id)) || this.#mayRelay(peer);
  }
  #mayRelay(peer: KnownPeer): boolean {
    return this.#hosted.scsps.length > 0 && partiesOf(peer.roles, 'EMSP').length > 0;
  }

  /**
   * The session's name in the store: it begins with the party that speaks of it, so that no platform can take the name of another's.
   * Undefined when this platform may not speak of it.
   */
  #keyOf(peer: KnownPeer, { country_code, party_id, id, cdr_token }: WireSession): SessionKey | undefined {
    if (partiesOf(peer.roles, 'CPO').includes(partyKey(country_code, party_id))) return sessionKey(country_code, party_id, id);
    const relaying = this.#mayRelay(peer) && partiesOf(peer.roles, 'EMSP').includes(keyOf(cdr_token));
    return relaying ? sessionKey(cdr_token.country_code, cdr_token.party_id, id) : undefined;
  }

  async #held(peer: KnownPeer, name: SessionName): Promise<Held | undefined> {
    const sessions = await this.#context.store.all(sessionsByFoldedId<WireSession, undefined>(fold(name.session_id)));
    return sessions.find((it) => it.peer === peer.id && keyOf(it.body) === partyKey(name.country_code, name.party_id));
  }

  /** The party of ours that it was told for: whose customer it is, or the SCSP that the message names. */
  #receiverOf({ cdr_token }: WireSession, to: PartyKey | undefined): PartyKey | undefined {
    const { emsps, scsps } = this.#hosted;
    const owner = keyOf(cdr_token);
    if (emsps.includes(owner)) return owner;
    return to !== undefined && scsps.includes(to) ? to : scsps[0];
  }

  async #keep(
    { peer, to }: Pick<MessageParties, 'peer' | 'to'>,
    { key, before }: Kin,
    { session: told, stale, by }: ReceivedSession & { by: string },
  ): Promise<void> {
    const { store, clock, journal, encryption } = this.#context;
    const at = clock.now();
    const session = asKept(before, told);
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
    ]);
    journal.note({ step: 'session-received', session: key, peer: peer.id, by, status: session.status, evseUid: session.evse_uid });
    journal.eventsCommitted();
    if (stale) this.#followers.markStale(peer.id);
    this.#followers.changed(key);
  }
}

/** Behind a hub are many parties, none of which speaks of another's sessions; a session's key begins with the party that speaks of it (SEC-14, SEC-16). */
const speaksOf = ({ peer, from }: Pick<MessageParties, 'peer' | 'from'>, key: SessionKey): boolean => !isHub(peer) || partyOfSession(key) === from;
