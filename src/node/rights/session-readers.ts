import { PUSH_EVERY_S } from '../../domain/contract.ts';
import { type DriverId, fold, type PartyKey, partyName, partyOfSession, type SessionKey } from '../../domain/ids.ts';
import { partiesOf } from '../../domain/party.ts';
import { isErased } from '../../domain/personal-data.ts';
import { type Seconds, seconds } from '../../domain/units.ts';
import type { Routing } from '../../ocpi/headers.ts';
import { type Pseudonyms, pseudonymiseSession, withoutStateOfCharge } from '../../ocpi/sessions/pseudonymise-session.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { hasOwner, type OwnSession, type Progress } from '../../roles/cpo/session.ts';
import { rightsOnSession, type SessionRight } from '../../store/sql/contract.ts';
import { addRelayed } from '../../store/sql/relayed.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import type { ReadableSession } from '../../store/sql/session-rights.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';

type Stored = StoredSession<OwnSession, Progress>;

/** A party that receives a session, its peer, and the session as the party may see it. */
export interface Reader {
  party: PartyKey;
  peer: KnownPeer;
  session: WireSession;
  /** The driver's pseudonym in the store. */
  driver: DriverId | undefined;
  /** How often changes of the session are pushed to the party at most; a change of its state is pushed at once. */
  pushEvery: Seconds;
  /** The routing headers: from the CPO that owns the session, or from the eMSP that relays it (RTE-04). */
  ids: Required<Routing>;
}

/** The id of a relayed session for one SCSP: always the same, and different for each party (ocpi/ocpi#405, CP-64). */
export const relayedId = ({ encryption }: Pick<Context, 'encryption'>, party: PartyKey, session: SessionKey): string =>
  encryption.pseudonym(`session ${party}`, session);

const MAX_CACHED_IDS = 100_000;

/** Decides which parties may read a session, our own or relayed: the owner unchanged, others by contract and pseudonymised. */
export class SessionReaders {
  readonly #context: Context;
  /** Our eMSPs, whose customers' sessions may be relayed. */
  readonly relayedFor: readonly PartyKey[];
  /** Relayed ids that are in the store already. */
  readonly #savedIds = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
    context.metrics.keep('relayed ids', () => this.#savedIds.size);
    this.relayedFor = hostedParties(context.config, 'EMSP');
  }

  /** Whether a session of another platform belongs to a customer of ours. */
  isRelayed = ({ peer, tokenParty }: Pick<Stored, 'peer' | 'tokenParty'>): boolean =>
    peer !== undefined && tokenParty !== undefined && this.relayedFor.includes(tokenParty);

  /** All parties that receive a session now; its relayed ids are committed first. */
  async of(stored: Stored): Promise<readonly Reader[]> {
    const { store, clock, peers } = this.#context;
    const owner = stored.peer === undefined ? stored.tokenParty : undefined;
    if (!hasOwner(stored.body) || isErased(stored.body) || (owner === undefined && !this.isRelayed(stored))) return [];
    const wire = stored.body;
    const receivers = await peers.offering('sessions', 'RECEIVER');
    const all = await store.all(rightsOnSession(stored.key, clock.now()));
    const rights = all.filter(({ party }) => party !== stored.tokenParty);
    const byContract = all.find(({ party }) => party === owner);
    const owners =
      owner === undefined
        ? []
        : receivers
            .filter((peer) => partiesOf(peer.roles, 'EMSP').includes(owner))
            .map((peer) => ({
              party: owner,
              peer,
              session: forOwner(wire, byContract?.mayKnowCharge),
              driver: stored.driver,
              pushEvery: pushEvery(byContract),
              ids: idsOf(partyOfSession(stored.key), owner),
            }));
    const others = rights.flatMap((right) => receivers.filter((peer) => partiesOf(peer.roles, 'SCSP').includes(right.party)).map((peer) => ({ right, peer })));
    if (this.isRelayed(stored) && others.length > 0) await this.#saveIds(others.map(({ right: { party } }) => ({ party, session: stored.key })));
    return [
      ...owners,
      ...others.map(({ right, peer }) => ({
        party: right.party,
        peer,
        driver: stored.driver,
        pushEvery: pushEvery(right),
        ...this.#pseudonymised(stored, wire, right),
      })),
    ];
  }

  /** One page of sessions, each as its reader may see it. The ids of relayed sessions are committed first. */
  async pageFor(sessions: readonly ReadableSession<OwnSession, Progress>[]): Promise<readonly WireSession[]> {
    await this.#saveIds(sessions.filter(this.isRelayed).map(({ reader, key }) => ({ party: reader, session: key })));
    return sessions.flatMap((it) => {
      const { body, reader: party, mayKnowLocation, mayKnowCharge } = it;
      if (!hasOwner(body) || isErased(body)) return [];
      if (it.peer === undefined && it.tokenParty === party) return [forOwner(body, mayKnowCharge)];
      return [this.#pseudonymised(it, body, { party, mayKnowLocation, mayKnowCharge }).session];
    });
  }

  /** The id of a session for a party was deleted from the store: the next reading of the party saves it again. */
  idForgotten(session: SessionKey, party: PartyKey): void {
    this.#savedIds.delete(relayedId(this.#context, party, session));
  }

  async #saveIds(sessions: readonly { party: PartyKey; session: SessionKey }[]): Promise<void> {
    const unsaved = sessions.map((it) => ({ ...it, id: relayedId(this.#context, it.party, it.session) })).filter(({ id }) => !this.#savedIds.has(id));
    if (unsaved.length === 0) return;
    await this.#context.store.commit(unsaved.map(addRelayed));
    if (this.#savedIds.size > MAX_CACHED_IDS) this.#savedIds.clear();
    for (const { id } of unsaved) this.#savedIds.add(id);
  }

  #pseudonymised(
    stored: Stored,
    wire: WireSession,
    { party, mayKnowLocation, mayKnowCharge }: Pick<SessionRight, 'party' | 'mayKnowLocation' | 'mayKnowCharge'>,
  ): Pick<Reader, 'session' | 'ids'> {
    const relayed = this.isRelayed(stored);
    const { encryption } = this.#context;
    const pseudonyms: Pseudonyms = {
      ...(relayed && { id: relayedId(this.#context, party, stored.key) }),
      mayKnowLocation: !relayed || mayKnowLocation,
      mayKnowCharge,
      pseudonym: (value) => encryption.pseudonym(`driver ${party}`, fold(value)),
    };
    const from = relayed && stored.tokenParty !== undefined ? stored.tokenParty : partyOfSession(stored.key);
    return { session: pseudonymiseSession(wire, pseudonyms), ids: idsOf(from, party) };
  }
}

/** The owner of the token sees the whole session; the state of charge of the car by contract only (CDP-04). */
const forOwner = (session: WireSession, mayKnowCharge = false): WireSession => (mayKnowCharge ? session : withoutStateOfCharge(session));

const pushEvery = (right: Pick<SessionRight, 'pushEvery'> | undefined): Seconds => right?.pushEvery ?? seconds(PUSH_EVERY_S);

const idsOf = (from: PartyKey, to: PartyKey): Required<Routing> => ({ from: partyName(from), to: partyName(to) });
