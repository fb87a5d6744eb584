import type { EpochMillis } from '../../domain/units.ts';

/** The bounds of a `KeptMessages`. Bytes are estimated: two for each character of a message, and `OVERHEAD` for each message. */
export interface KeepingBounds {
  /** Milliseconds after which a message is forgotten. */
  age: number;
  /** Bytes of all messages together. */
  bytes: number;
  /** Bytes of the messages of one sender. */
  bytesOfOne: number;
}

/** What a message must have to be kept. */
interface Kept {
  at: EpochMillis;
  /** Characters of its texts. */
  size: number;
}

interface Ring<M> {
  messages: M[];
  bytes: number;
}

/** Bytes of one message beside its text. */
const OVERHEAD = 256;
const bytesOf = ({ size }: Kept): number => 2 * size + OVERHEAD;

/**
 * The newest messages of each sender, in memory. All senders share the bytes equally once they need more than there are, so that one
 * sender of many messages removes its own and never those of another.
 */
export class KeptMessages<K, M extends Kept> {
  readonly #bounds: KeepingBounds;
  readonly #rings = new Map<K, Ring<M>>();
  #bytes = 0;

  constructor(bounds: KeepingBounds) {
    this.#bounds = bounds;
  }

  /** Senders with messages. */
  get senders(): number {
    return this.#rings.size;
  }

  /** The estimated bytes of all messages. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Keeps a message as the newest one of its sender. */
  add(sender: K, message: M): void {
    const ring = this.#rings.get(sender) ?? { messages: [], bytes: 0 };
    if (ring.messages.length === 0) this.#rings.set(sender, ring);
    ring.messages.push(message);
    ring.bytes += bytesOf(message);
    this.#bytes += bytesOf(message);
    this.#trim(ring, message.at);
    if (this.#bytes > this.#bounds.bytes) for (const other of this.#rings.values()) this.#trim(other, message.at);
  }

  /** The messages of a sender that are not too old, oldest first. */
  of(sender: K, now: EpochMillis): readonly M[] {
    const oldest = now - this.#bounds.age;
    return this.#rings.get(sender)?.messages.filter(({ at }) => at >= oldest) ?? [];
  }

  /** Removes the messages that are too old. */
  forgetOld(now: EpochMillis): void {
    for (const [sender, ring] of this.#rings) {
      this.#trim(ring, now);
      if (ring.messages.length === 0) this.#rings.delete(sender);
    }
  }

  #trim(ring: Ring<M>, now: EpochMillis): void {
    const most = Math.min(this.#bounds.bytesOfOne, Math.floor(this.#bounds.bytes / this.#rings.size));
    const oldest = now - this.#bounds.age;
    for (let [first] = ring.messages; first && (first.at < oldest || ring.bytes > most); [first] = ring.messages) {
      ring.messages.shift();
      ring.bytes -= bytesOf(first);
      this.#bytes -= bytesOf(first);
    }
  }
}
