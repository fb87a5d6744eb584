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
import type { ModuleClient } from '../peers/peer-client.ts';
import { clientFor } from '../peers/peer-client.ts';

/** How one CPO is reached. */
interface Way extends ModuleClient {
  to: { countryCode: string; partyId: string };
}

/** Read at once; the next are read when these have been told. */
const AT_ONCE = 100;

/** Keeps CPOs up to date with our tokens: the newest state, never a queue of old messages (OCPI 2.2.1 §12.1.1). */
export class TokenPushes {
  readonly #context: Context;
  readonly #tasks: CoalescedTask<PeerId>;

  constructor(context: Context) {
    this.#context = context;
    this.#tasks = coalesce<PeerId>(
      (peer) => this.#bringUpToDate(peer),
      (peer, error) => context.reportError(`tokens to ${peer}`, error),
    );
  }

  /** Tells one peer what it has not heard, if it wants to hear of tokens at all. */
  push(peer: PeerId): void {
    this.#tasks.wake(peer);
  }

  /** Tells all of them; what was told already is not told again. */
  async pushAll(): Promise<void> {
    for (const peer of await this.#context.peers.offering('tokens', 'RECEIVER')) this.push(peer.id);
  }

  async #bringUpToDate(id: PeerId): Promise<void> {
    const peer = await this.#context.peers.find(id);
    const way = peer && this.#wayTo(peer);
    if (!way) return;
    for (let after = 0; ; ) {
      const untold = await this.#context.store.all(tokensToPush<WireToken>(id, { after, limit: AT_ONCE }));
      for (const token of untold) {
        if ((await this.#push(way, id, token)) === 'UNREACHABLE') return;
        after = token.seq;
      }
      if (untold.length < AT_ONCE) return;
    }
  }

  /** Only CPOs hear of tokens. */
  #wayTo(peer: KnownPeer): Way | undefined {
    const module = clientFor(this.#context, peer, { module: 'tokens', role: 'RECEIVER' });
    const cpo = peer.roles.find((it) => it.role === 'CPO');
    return module && cpo && { ...module, to: { countryCode: cpo.country_code, partyId: cpo.party_id } };
  }

  async #push(way: Way, peer: PeerId, token: TokenToPush<WireToken>): Promise<'TOLD' | 'REFUSED' | 'UNREACHABLE'> {
    const change = tokenChange(token.acknowledged, token.body);
    const { country_code, party_id, uid: token_uid, type } = token.body;
    const ids = { from: { countryCode: country_code, partyId: party_id }, to: way.to };
    const where = { base: way.base, params: { country_code, party_id, token_uid }, query: { type }, ids };
    const whole = () => callEndpoint(way.client, putToken, { ...where, body: token.body });
    let by = change.by;
    let outcome = change.by === 'PUT' ? await whole() : await callEndpoint(way.client, patchToken, { ...where, body: change.patch });
    if (change.by === 'PATCH' && isRefusal(outcome)) {
      by = 'PUT'; // TRN-33: it may not have the token any more
      outcome = await whole();
    }
    const told = outcome.is === 'SUCCESS';
    if (told) await this.#context.store.commit([saveTokenPush(peer, token)]);
    this.#context.metrics.pushes.inc({ what: 'token', outcome: told ? 'DELIVERED' : 'UNDELIVERED' });
    this.#context.journal.note({ step: 'token-pushed', peer, by, outcome: told ? 'DELIVERED' : 'UNDELIVERED' });
    return told ? 'TOLD' : isRefusal(outcome) ? 'REFUSED' : 'UNREACHABLE';
  }
}

/** The peer heard it and would not have it, which says nothing about the next one. */
const isRefusal = (outcome: PeerAnswer<unknown>) =>
  outcome.is === 'FAILED' && (outcome.because === 'http_4xx' || outcome.because === 'ocpi_2xxx' || outcome.because === 'bad_request');
