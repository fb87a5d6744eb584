import type { Clock } from '../../domain/clock.ts';
import type { ExchangeId, PeerId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { AnsweredMessage } from '../../ocpi/serve.ts';
import type { HttpAnswer, OutgoingRequest, Transport } from '../../ocpi/transport.ts';
import { fingerprint } from '../../store/encryption.ts';
import { KeptMessages } from './kept-messages.ts';
import type { KnownPeer } from './known-peers.ts';
import { maskPeerMessage, maskRequestUrl, statusMessageIn } from './mask-peer-message.ts';
import { maskUrl } from './mask-url.ts';

/** An OCPI request about a profile or a result as it passed, with its answer; secrets and texts about drivers are hidden. */
export interface KeptPeerMessage {
  at: EpochMillis;
  /** Characters of `body` and `answer`. */
  size: number;
  direction: 'received' | 'sent';
  method: string;
  url: string;
  requestId: string;
  correlationId: string;
  /** JSON; empty when there was none. */
  body: string;
  /** The HTTP status of the answer; undefined when none came. */
  status: number | undefined;
  /** JSON of the answer, or why there is none. */
  answer: string;
  answeredAt: EpochMillis;
  /** The exchange of a message that this node sent. */
  exchange?: ExchangeId;
  /** The hash of the response_url that a peer posted to. */
  resultHash?: string;
}

/** How long messages of peers are kept, and how much memory they may use (docs/operate.md). */
const PEER_MESSAGES_KEPT = { age: 24 * 3_600_000, bytes: 8 * 1024 * 1024, bytesOfOne: 4 * 1024 * 1024 } as const;
/** Characters of a body and of an answer that are kept. */
const MOST_CHARACTERS = 16 * 1024;

/** What a sent message belongs to. `hide` removes the ids of the driver from a status_message of the peer. */
export interface SentFor {
  peer: PeerId;
  exchange: ExchangeId;
  hide(message: string): string | Promise<string>;
}

/** The newest OCPI messages about profiles of each peer, in memory. */
export class PeerMessages {
  readonly #clock: Clock;
  readonly #messages = new KeptMessages<PeerId, KeptPeerMessage>(PEER_MESSAGES_KEPT);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Peers with messages. */
  get peers(): number {
    return this.#messages.senders;
  }

  /** Keeps a request that a peer sent, when it is about profiles. */
  noteReceived({ peer, module, method, path, url, body, answer, ...it }: AnsweredMessage<KnownPeer>): void {
    if (module !== 'chargingprofiles') return;
    const isResult = path.endsWith('{result_id}');
    const secret =
      url
        .split('?', 1)[0]
        ?.split('/')
        .findLast((step) => step !== '') ?? '';
    const shown = { body: bounded(maskPeerMessage(body(), unchanged)), answer: bounded(maskPeerMessage(answer, unchanged)) };
    this.#messages.add(peer.id, {
      ...it,
      ...shown,
      size: shown.body.length + shown.answer.length,
      direction: 'received',
      method,
      url: isResult ? path.replace('{result_id}', '***') : maskRequestUrl(url),
      ...(isResult && { resultHash: fingerprint(secret) }),
    });
  }

  /** A transport that keeps each request that it sends, with its answer. */
  keeping(transport: Transport, sentFor: SentFor): Transport {
    return async (request) => {
      const at = this.#clock.now();
      const answer = await transport(request);
      await this.#noteSent(request, answer, { ...sentFor, at });
      return answer;
    };
  }

  /** The messages of a peer, oldest first. */
  of(peer: PeerId): readonly KeptPeerMessage[] {
    return this.#messages.of(peer, this.#clock.now());
  }

  /** Removes what is too old. */
  forgetOld(): void {
    this.#messages.forgetOld(this.#clock.now());
  }

  async #noteSent(
    { method, url, headers, body = '' }: OutgoingRequest,
    answer: HttpAnswer,
    { at, peer, exchange, hide }: SentFor & { at: EpochMillis },
  ): Promise<void> {
    const message = answer.is === 'ANSWERED' ? statusMessageIn(answer.body) : undefined;
    const hidden = message === undefined || isPlain(message) ? message : await hide(message);
    const shown = {
      body: bounded(maskPeerMessage(body, unchanged)),
      answer: bounded(answer.is === 'ANSWERED' ? maskPeerMessage(answer.body, () => hidden ?? '') : answer.because),
    };
    this.#messages.add(peer, {
      at,
      ...shown,
      size: shown.body.length + shown.answer.length,
      direction: 'sent',
      method,
      url: method === 'POST' ? maskUrl(url) : maskRequestUrl(url),
      requestId: headers['X-Request-ID'] ?? '',
      correlationId: headers['X-Correlation-ID'] ?? '',
      status: answer.is === 'ANSWERED' ? answer.status : undefined,
      answeredAt: this.#clock.now(),
      exchange,
    });
  }
}

const unchanged = (message: string): string => message;
const isPlain = (message: string): boolean => /^[a-z]+[.!]?$/i.test(message);
/** The beginning of a long text. It is copied: a slice would keep the whole text in memory. */
const bounded = (text: string): string => (text.length <= MOST_CHARACTERS ? text : Buffer.from(text.slice(0, MOST_CHARACTERS)).toString());
