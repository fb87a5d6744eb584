import { type DriverId, fold, type PartyKey, partyName, partyOfSession, type SessionKey } from '../../domain/ids.ts';
import { partiesOf } from '../../domain/party.ts';
import { isErased } from '../../domain/personal-data.ts';
import type { Routing } from '../../ocpi/headers.ts';
import { type Pseudonyms, pseudonymiseSession } from '../../ocpi/sessions/pseudonymise-session.ts';
import type { WireSession } from '../../ocpi/sessions/session.ts';
import { hasOwner, type OwnSession, type Progress } from '../../roles/cpo/session.ts';
import { partyRightOnSession, rightsOnSession, type SessionRight } from '../../store/sql/contract.ts';
import { addRelayed } from '../../store/sql/relayed.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';

type Stored = StoredSession<OwnSession, Progress>;

/** A party that is told of a session, the platform it is on, and the session as it may see it. */
export interface Reader {
  party: PartyKey;
  peer: KnownPeer;
  session: WireSession;
  /** Whose session it is, as the store calls them. */
  driver: DriverId | undefined;
  /** From whom it hears: the CPO whose session it is, or the eMSP that relays it (RTE-04). */
  ids: Required<Routing>;
}

/** What one SCSP knows a session of a CPO as: the same each time, and no other party's (ocpi/ocpi#405, CP-64). */
export const relayedId = ({ encryption }: Pick<Context, 'encryption'>, party: PartyKey, session: SessionKey): string =>
  encryption.pseudonym(`session ${party}`, session);

const MOST_MINTED = 100_000;

/** Who may read which session: its owner as it is, others by contract behind a veil; for sessions of ours and for those that are relayed. */
export class SessionReaders {
  readonly #context: Context;
  /** The parties of ours whose customers' sessions may be relayed. */
  readonly relayedFor: readonly PartyKey[];
  /** Ids that are known to be in the store. */
  readonly #minted = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
    this.relayedFor = hostedParties(context.config, 'EMSP');
  }

  isRelayed = ({ peer, tokenParty }: Pick<Stored, 'peer' | 'tokenParty'>): boolean =>
    peer !== undefined && tokenParty !== undefined && this.relayedFor.includes(tokenParty);

  /** Everybody who is to be told of a session now; the ids under which it is relayed are committed before. */
  async of(stored: Stored): Promise<readonly Reader[]> {
    const { store, clock, peers } = this.#context;
    const owner = stored.peer === undefined ? stored.tokenParty : undefined;
    if (!hasOwner(stored.body) || isErased(stored.body) || (owner === undefined && !this.isRelayed(stored))) return [];
    const wire = stored.body;
    const receivers = await peers.offering('sessions', 'RECEIVER');
    const grants = (await store.all(rightsOnSession(stored.key, clock.now()))).filter(({ party }) => party !== stored.tokenParty);
    const owners = owner === undefined ? [] : receivers.filter((peer) => partiesOf(peer.roles, 'EMSP').includes(owner)).map((peer) => ({ party: owner, peer }));
    const told = owners.map(({ party, peer }) => ({ party, peer, session: wire, driver: stored.driver, ids: idsOf(partyOfSession(stored.key), party) }));
    const steering = grants.flatMap((grant) =>
      receivers.filter((peer) => partiesOf(peer.roles, 'SCSP').includes(grant.party)).map((peer) => ({ grant, peer })),
    );
    if (this.isRelayed(stored) && steering.length > 0) await this.#mint(steering.map(({ grant: { party } }) => ({ party, session: stored.key })));
    return [...told, ...steering.map(({ grant, peer }) => ({ party: grant.party, peer, driver: stored.driver, ...this.#behindVeil(stored, wire, grant) }))];
  }

  /** A session as one party may read it; undefined when it may not. For sessions that are relayed, the id is committed before. */
  async sessionFor(party: PartyKey, stored: Stored): Promise<WireSession | undefined> {
    if (!hasOwner(stored.body) || isErased(stored.body)) return undefined;
    if (stored.peer === undefined && stored.tokenParty === party) return stored.body;
    const grant = await this.#context.store.first(partyRightOnSession(stored.key, party, this.#context.clock.now()));
    if (!grant) return undefined;
    if (this.isRelayed(stored)) await this.#mint([{ party, session: stored.key }]);
    return this.#behindVeil(stored, stored.body, grant).session;
  }

  async #mint(these: readonly { party: PartyKey; session: SessionKey }[]): Promise<void> {
    const fresh = these.map((it) => ({ ...it, id: relayedId(this.#context, it.party, it.session) })).filter(({ id }) => !this.#minted.has(id));
    if (fresh.length === 0) return;
    await this.#context.store.commit(fresh.map(addRelayed));
    if (this.#minted.size > MOST_MINTED) this.#minted.clear();
    for (const { id } of fresh) this.#minted.add(id);
  }

  #behindVeil(stored: Stored, wire: WireSession, { party, mayKnowLocation }: SessionRight): Pick<Reader, 'session' | 'ids'> {
    const relayed = this.isRelayed(stored);
    const { encryption } = this.#context;
    const veil: Pseudonyms = {
      ...(relayed && { id: relayedId(this.#context, party, stored.key) }),
      mayKnowLocation: !relayed || mayKnowLocation,
      pseudonym: (value) => encryption.pseudonym(`driver ${party}`, fold(value)),
    };
    const from = relayed && stored.tokenParty !== undefined ? stored.tokenParty : partyOfSession(stored.key);
    return { session: pseudonymiseSession(wire, veil), ids: idsOf(from, party) };
  }
}

const idsOf = (from: PartyKey, to: PartyKey): Required<Routing> => ({ from: partyName(from), to: partyName(to) });
