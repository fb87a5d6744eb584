import { type PartyKey, type PeerId, partyName } from '../../domain/ids.ts';
import { partiesOf } from '../../domain/party.ts';
import { callEndpoint } from '../../ocpi/call.ts';
import type { PeerAnswer } from '../../ocpi/peer-answer.ts';
import { patchToken } from '../../ocpi/tokens/patch-token.ts';
import { putToken } from '../../ocpi/tokens/put-token.ts';
import type { WireToken } from '../../ocpi/tokens/token.ts';
import { tokenChange } from '../../roles/emsp/own-tokens.ts';
import { saveTokenPush, type TokenToPush, tokensToPush } from '../../store/sql/token.ts';
import { type CoalescedTask, coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';
import type { KnownPeer } from '../core/known-peers.ts';
import { isHub } from '../peers/hub-parties.ts';
import { offlineParty } from '../peers/party-connection.ts';
import { clientFor, type ModuleClient } from '../peers/peer-client.ts';

/** The client of a CPO, and the party to address. */
interface Target extends ModuleClient {
  to: PartyKey;
  /** The CPO when it is behind a hub; what it has received is recorded for it alone. */
  behind?: PartyKey;
}

/** Tokens that are read from the store at once. */
const BATCH_SIZE = 100;

/** Pushes changed tokens to CPOs: always the newest state, never a queue of old messages (OCPI 2.2.1 §12.1.1). */
export class TokenPushes {
  readonly #context: Context;
  readonly #tasks: CoalescedTask<PeerId>;

  constructor(context: Context) {
    this.#context = context;
    this.#tasks = coalesce<PeerId>(context.work, { name: (peer) => `tokens to ${peer}`, task: (peer) => this.#pushChanges(peer) });
  }

  /** Pushes to one peer the tokens that changed since its last successful push, if it is a CPO that receives tokens. */
  push(peer: PeerId): void {
    this.#tasks.wake(peer);
  }

  /** Pushes changed tokens to all peers that receive tokens. */
  async pushAll(): Promise<void> {
    for (const peer of await this.#context.peers.offering('tokens', 'RECEIVER')) this.push(peer.id);
  }

  async #pushChanges(id: PeerId): Promise<void> {
    const peer = await this.#context.peers.find(id);
    for (const target of peer ? this.#targetsAt(peer) : []) await this.#pushChangesTo(target);
  }

  async #pushChangesTo(target: Target): Promise<void> {
    const receiver = { peer: target.peer.id, ...(target.behind !== undefined && { behind: target.behind }) };
    for (let after = 0; ; ) {
      const changed = await this.#context.store.all(tokensToPush<WireToken>(receiver, { after, limit: BATCH_SIZE }));
      for (const token of changed) {
        if ((await this.#push(target, token)) === 'UNREACHABLE') return;
        after = token.seq;
      }
      if (changed.length < BATCH_SIZE) return;
    }
  }

  /** The CPOs to address: of a platform the first, since it keeps tokens for all its parties; behind a hub each that is connected (F-43, HCI-01). */
  #targetsAt(peer: KnownPeer): readonly Target[] {
    const module = clientFor(this.#context, peer, { module: 'tokens', role: 'RECEIVER' });
    if (!module) return [];
    const cpos = [...new Set(partiesOf(peer.roles, 'CPO'))];
    if (!isHub(peer)) return cpos.slice(0, 1).map((to) => ({ ...module, to }));
    return cpos.filter((it) => offlineParty(peer, it, ['CPO']) === undefined).map((to) => ({ ...module, to, behind: to }));
  }

  async #push({ peer, client, base, to, behind }: Target, token: TokenToPush<WireToken>): Promise<'DELIVERED' | 'REFUSED' | 'UNREACHABLE'> {
    const change = tokenChange(token.acknowledged, token.body);
    const { country_code, party_id, uid: token_uid, type } = token.body;
    const ids = { from: { countryCode: country_code, partyId: party_id }, to: partyName(to) };
    const request = { base, params: { country_code, party_id, token_uid }, query: { type }, ids };
    const put = () => callEndpoint(client, putToken, { ...request, body: token.body });
    let by = change.by;
    let outcome = change.by === 'PUT' ? await put() : await callEndpoint(client, patchToken, { ...request, body: change.patch });
    if (change.by === 'PATCH' && isRefusal(outcome)) {
      by = 'PUT'; // TRN-33: the CPO may have lost the token
      outcome = await put();
    }
    const delivery = outcome.is === 'SUCCESS' ? 'DELIVERED' : 'UNDELIVERED';
    if (delivery === 'DELIVERED') await this.#context.store.commit([saveTokenPush(peer, behind, token)]);
    this.#context.metrics.pushes.inc({ what: 'token', outcome: delivery });
    this.#context.journal.note({ step: 'token-pushed', peer: peer.id, by, outcome: delivery });
    return delivery === 'DELIVERED' ? 'DELIVERED' : isRefusal(outcome) ? 'REFUSED' : 'UNREACHABLE';
  }
}

/** The peer refused this token; it may still accept the next one. */
const isRefusal = (outcome: PeerAnswer<unknown>) =>
  outcome.is === 'FAILED' && (outcome.because === 'http_4xx' || outcome.because === 'ocpi_2xxx' || outcome.because === 'bad_request');
