import { type PeerId, partyKey } from '../../domain/ids.ts';
import { keyOf, partiesOf } from '../../domain/party.ts';
import { epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import { DEFAULT_TOKEN_TYPE, type TokenName, type WireToken, type WireTokenPatch } from '../../ocpi/tokens/token.ts';
import { patch, put, type ReceivedToken } from '../../roles/cpo/receive-token.ts';
import { saveToken, type TokenKey, tokenKey, tokenOfPeer } from '../../store/sql/token.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { ReceiveOutcome } from '../peers/received-object.ts';

/** The tokens that eMSPs tell us of, or that were pulled from them (OCPI 2.2.1 §12.2.1). */
export class RemoteTokens {
  readonly #context: Context;
  /** Something was told that leaves a markStale: pull from that peer. */
  readonly #markStale: (peer: PeerId) => void;
  /** Each message is merged into what the one before left, also when they come at once. */
  readonly #turns = new SerialByKey<string>();

  constructor(context: Context, markStale: (peer: PeerId) => void) {
    this.#context = context;
    this.#markStale = markStale;
  }

  async find(peer: KnownPeer, name: TokenName): Promise<WireToken | undefined> {
    return this.#owns(peer, name) ? this.#held(peer, this.#keyFor(name)) : undefined;
  }

  async put(peer: KnownPeer, name: TokenName, told: WireToken): Promise<ReceiveOutcome> {
    return this.#owns(peer, name) ? this.#take(peer, told, 'PUT') : 'foreign';
  }

  async patch(peer: KnownPeer, name: TokenName, told: WireTokenPatch): Promise<ReceiveOutcome> {
    if (!this.#owns(peer, name)) return 'foreign';
    const key = this.#keyFor(name);
    return this.#turns.run(turnOf(key), async () => {
      const before = await this.#held(peer, key);
      if (!before) {
        this.#markStale(peer.id); // its eMSP hears 404 and may PUT it; if it does not, it is pulled
        return 'unknown';
      }
      await this.#keep(peer, before, { ...patch(before, told), by: 'PATCH' });
      return 'changed';
    });
  }

  /** Pulled from the peer, or given along with its answer to a question; not kept when it is older than what is held. */
  async replace(peer: KnownPeer, told: WireToken): Promise<ReceiveOutcome> {
    return this.#owns(peer, told) ? this.#take(peer, told, 'pull') : 'foreign';
  }

  #take(peer: KnownPeer, told: WireToken, by: string): Promise<ReceiveOutcome> {
    const key = tokenKey(this.#context.encryption, told);
    return this.#turns.run(turnOf(key), async () => {
      const before = await this.#held(peer, key);
      await this.#keep(peer, before, { ...put(before, told), by });
      return before ? 'changed' : 'created';
    });
  }

  async #held(peer: KnownPeer, key: TokenKey): Promise<WireToken | undefined> {
    return (await this.#context.store.first(tokenOfPeer<WireToken>(key, peer.id)))?.body;
  }

  async #keep(peer: KnownPeer, before: WireToken | undefined, { token, stale, by }: ReceivedToken & { by: string }): Promise<void> {
    if (stale) this.#markStale(peer.id);
    if (token === before || JSON.stringify(token) === JSON.stringify(before)) return;
    const lastUpdated = readDateTime(token.last_updated) ?? epochMicros(0);
    await this.#context.store.commit([saveToken<WireToken>(tokenKey(this.#context.encryption, token), { own: false, lastUpdated, body: token })]);
    this.#context.journal.note({ step: 'token-received', peer: peer.id, party: keyOf(token), by, valid: token.valid, whitelist: token.whitelist });
  }

  #keyFor({ token_uid, type, ...party }: TokenName): TokenKey {
    return tokenKey(this.#context.encryption, { ...party, uid: token_uid, type: type ?? DEFAULT_TOKEN_TYPE });
  }

  /** Only an eMSP speaks of its tokens, only of those of its own parties, and never of ours. */
  #owns(peer: KnownPeer, name: { country_code: string; party_id: string }): boolean {
    const party = partyKey(name.country_code, name.party_id);
    const isOurs = hostedParties(this.#context.config, 'EMSP').includes(party);
    return partiesOf(peer.roles, 'EMSP').includes(party) && !isOurs;
  }
}

const turnOf = ({ party, driver, type }: TokenKey) => [party, type, driver].join('\n');
