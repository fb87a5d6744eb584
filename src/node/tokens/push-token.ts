import type { PeerId } from '../../domain/ids.ts';
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
import { clientFor, type ModuleClient } from '../peers/peer-client.ts';

/** The client of a CPO, and the party to address. */
interface Target extends ModuleClient {
  to: { countryCode: string; partyId: string };
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
    const target = peer && this.#targetAt(peer);
    if (!target) return;
    for (let after = 0; ; ) {
      const changed = await this.#context.store.all(tokensToPush<WireToken>(id, { after, limit: BATCH_SIZE }));
      for (const token of changed) {
        if ((await this.#push(target, token)) === 'UNREACHABLE') return;
        after = token.seq;
      }
      if (changed.length < BATCH_SIZE) return;
    }
  }

  /** Undefined when the peer is no CPO or does not receive tokens. */
  #targetAt(peer: KnownPeer): Target | undefined {
    const module = clientFor(this.#context, peer, { module: 'tokens', role: 'RECEIVER' });
    const cpo = peer.roles.find((it) => it.role === 'CPO');
    return module && cpo && { ...module, to: { countryCode: cpo.country_code, partyId: cpo.party_id } };
  }

  async #push({ peer, client, base, to }: Target, token: TokenToPush<WireToken>): Promise<'DELIVERED' | 'REFUSED' | 'UNREACHABLE'> {
    const change = tokenChange(token.acknowledged, token.body);
    const { country_code, party_id, uid: token_uid, type } = token.body;
    const ids = { from: { countryCode: country_code, partyId: party_id }, to };
    const request = { base, params: { country_code, party_id, token_uid }, query: { type }, ids };
    const put = () => callEndpoint(client, putToken, { ...request, body: token.body });
    let by = change.by;
    let outcome = change.by === 'PUT' ? await put() : await callEndpoint(client, patchToken, { ...request, body: change.patch });
    if (change.by === 'PATCH' && isRefusal(outcome)) {
      by = 'PUT'; // TRN-33: the CPO may have lost the token
      outcome = await put();
    }
    const delivery = outcome.is === 'SUCCESS' ? 'DELIVERED' : 'UNDELIVERED';
    if (delivery === 'DELIVERED') await this.#context.store.commit([saveTokenPush(peer, token)]);
    this.#context.metrics.pushes.inc({ what: 'token', outcome: delivery });
    this.#context.journal.note({ step: 'token-pushed', peer: peer.id, by, outcome: delivery });
    return delivery === 'DELIVERED' ? 'DELIVERED' : isRefusal(outcome) ? 'REFUSED' : 'UNREACHABLE';
  }
}

/** The peer refused this token; it may still accept the next one. */
const isRefusal = (outcome: PeerAnswer<unknown>) =>
  outcome.is === 'FAILED' && (outcome.because === 'http_4xx' || outcome.because === 'ocpi_2xxx' || outcome.because === 'bad_request');
