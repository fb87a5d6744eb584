import { type DriverId, fold, type PartyKey, type PeerId, partyKey } from '../../domain/ids.ts';
import { keyOf, partiesOf } from '../../domain/party.ts';
import { epochMicros } from '../../domain/units.ts';
import { readDateTime } from '../../ocpi/date-time.ts';
import { DEFAULT_TOKEN_TYPE, type TokenName, type WireToken, type WireTokenPatch } from '../../ocpi/tokens/token.ts';
import { patch, put, type ReceivedToken } from '../../roles/cpo/receive-token.ts';
import { flag, integer } from '../../store/row.ts';
import { saveToken, type TokenKey, tokenKey, tokenOfPeer, tokensOfDriver } from '../../store/sql/token.ts';
import { hostedParties } from '../config/hosted-parties.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { StoredQuota } from '../core/stored-quota.ts';
import type { ReceiveOutcome } from '../peers/received-object.ts';

/** The tokens of eMSPs, pushed by them or pulled from them (OCPI 2.2.1 §12.2.1). */
export class RemoteTokens {
  readonly #context: Context;
  /** Called when a message shows that our copy is stale: pull from that peer. */
  readonly #markStale: (peer: PeerId) => void;
  /** Messages about tokens with one uid are processed one after another, whichever party sends them. */
  readonly #queue = new SerialByKey<DriverId>();
  readonly #quota: StoredQuota;

  constructor(context: Context, markStale: (peer: PeerId) => void) {
    this.#context = context;
    this.#markStale = markStale;
    this.#quota = new StoredQuota(context, 'tokens');
  }

  /** A token of the peer; undefined when there is none, or the peer does not own it. */
  async find(peer: KnownPeer, name: TokenName): Promise<WireToken | undefined> {
    return this.#owns(peer, name) ? this.#stored(peer, await this.#keyFor(name)) : undefined;
  }

  /** Saves a token that a peer sends by PUT. */
  async put(peer: KnownPeer, name: TokenName, received: WireToken): Promise<ReceiveOutcome> {
    return this.#owns(peer, name) ? this.#save(peer, received, 'PUT') : 'foreign';
  }

  /** Changes a token by the fields that a peer sends by PATCH. */
  async patch(peer: KnownPeer, name: TokenName, changes: WireTokenPatch): Promise<ReceiveOutcome> {
    if (!this.#owns(peer, name)) return 'foreign';
    const key = await this.#keyFor(name);
    return this.#queue.run(key.driver, async () => {
      const before = await this.#stored(peer, key);
      if (!before) {
        this.#markStale(peer.id); // The eMSP gets 404 and may PUT the token; otherwise the pull brings it.
        return 'unknown';
      }
      await this.#commit(peer, before, { ...patch(before, changes), by: 'PATCH' });
      return 'changed';
    });
  }

  /** Saves a token that was pulled, or that came with an authorization, unless the stored one is newer. */
  async replace(peer: KnownPeer, received: WireToken): Promise<ReceiveOutcome> {
    return this.#owns(peer, received) ? this.#save(peer, received, 'pull') : 'foreign';
  }

  #save(peer: KnownPeer, received: WireToken, by: string): Promise<ReceiveOutcome> {
    const key = tokenKey(this.#context.encryption, received);
    return this.#queue.run(key.driver, async () => {
      const before = await this.#stored(peer, key);
      if (!before && !(await this.#quota.take(peer.id, key.party))) return 'too many';
      await this.#commit(peer, before, { ...put(before, received), by });
      return before ? 'changed' : 'created';
    });
  }

  async #stored(peer: KnownPeer, key: TokenKey): Promise<WireToken | undefined> {
    return (await this.#context.store.first(tokenOfPeer<WireToken>(key, peer.id)))?.body;
  }

  async #commit(peer: KnownPeer, before: WireToken | undefined, { token, stale, by }: ReceivedToken & { by: string }): Promise<void> {
    if (stale) this.#markStale(peer.id);
    if (token === before || JSON.stringify(token) === JSON.stringify(before)) return;
    const lastUpdated = readDateTime(token.last_updated) ?? epochMicros(0);
    const [saved] = await this.#context.store.commit([
      saveToken<WireToken>(tokenKey(this.#context.encryption, token), { own: false, lastUpdated, body: token }),
    ]);
    this.#context.journal.note({ step: 'token-received', peer: peer.id, party: keyOf(token), by, valid: token.valid, whitelist: token.whitelist });
    if (!before) for (const row of saved?.rows ?? []) if (flag(row, 'held')) this.#reportClaim(peer, { seq: integer(row, 'seq'), party: keyOf(token) });
  }

  /** Tells the operator that a new token is held, because another party sent its uid first. */
  #reportClaim(peer: KnownPeer, { seq, party }: { seq: number; party: PartyKey }): void {
    const says = `${party} sent a token that another party sent first: held until evenkeel tokens approve --claim ${seq}`;
    this.#context.security.note({ kind: 'token-claimed', peer: peer.id, party, says });
  }

  /** A URL without a type means RFID, or the only token that the party has with this uid (TOK-09, F-53). */
  async #keyFor({ token_uid, type, ...party }: TokenName): Promise<TokenKey> {
    const key = tokenKey(this.#context.encryption, { ...party, uid: token_uid, type: type ?? DEFAULT_TOKEN_TYPE });
    if (type !== undefined) return key;
    const held = (await this.#context.store.all(tokensOfDriver<WireToken>(key.driver))).filter((it) => !it.own && it.party === key.party);
    const [only, ...others] = held.map(({ body }) => fold(body.type));
    return only === undefined || others.length > 0 ? key : { ...key, type: only };
  }

  /** A peer may send only tokens of its own eMSPs, and never tokens of ours. */
  #owns(peer: KnownPeer, name: { country_code: string; party_id: string }): boolean {
    const party = partyKey(name.country_code, name.party_id);
    const isOurs = hostedParties(this.#context.config, 'EMSP').includes(party);
    return partiesOf(peer.roles, 'EMSP').includes(party) && !isOurs;
  }
}
