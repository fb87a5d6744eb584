import type { ProvisionalId } from './kept-message.ts';
import { type Direction, NEVER_STARTED, newProvisionalId, PROVISIONAL, type TransactionIds, translate } from './transaction-ids.ts';

/** Live ids of the CSMS in the range of provisional ones that are remembered, so that none is given twice. */
const MOST_LIVE = 64;

/** The provisional transaction ids of one station with those of its CSMS, in memory (OCPP 1.6). */
export class IdPairs implements TransactionIds {
  readonly #byProvisional = new Map<number, ProvisionalId>();
  readonly #byCsms = new Map<number, number>();
  readonly #live = new Set<number>();

  constructor(ids: readonly ProvisionalId[]) {
    // A CSMS may give the id of an ended transaction again: then the running one counts.
    for (const isEnded of [true, false]) for (const it of ids) if ((it.endedAt !== undefined) === isEnded) this.set(it);
  }

  get size(): number {
    return this.#byProvisional.size;
  }

  set(it: ProvisionalId): void {
    this.#byProvisional.set(it.provisional, it);
    if (it.csms !== undefined) this.#byCsms.set(it.csms, it.provisional);
  }

  /** Marks a transaction as ended at the CSMS; its ids stay known for late messages. */
  end(provisional: number, at: ProvisionalId['endedAt']): void {
    const known = this.#byProvisional.get(provisional);
    if (known) this.#byProvisional.set(provisional, { ...known, endedAt: at });
  }

  /** Forgets transactions that ended before a moment. */
  forgetEnded(before: number): void {
    for (const { provisional, csms, endedAt } of this.#byProvisional.values()) {
      if (endedAt === undefined || endedAt >= before) continue;
      this.#byProvisional.delete(provisional);
      if (csms !== undefined && this.#byCsms.get(csms) === provisional) this.#byCsms.delete(csms);
    }
  }

  /** Whether the station knows a transaction by this provisional id. */
  has(id: number): boolean {
    return this.#byProvisional.has(id);
  }

  /** Whether this id of the CSMS means a transaction that has not ended and has another id at the station. */
  isTranslated(csms: number): boolean {
    const provisional = this.#byCsms.get(csms);
    return provisional !== undefined && this.#byProvisional.get(provisional)?.endedAt === undefined;
  }

  /** Remembers an id of the CSMS that the station uses too. */
  noteLive(id: number): void {
    if (id < PROVISIONAL.lowest) return;
    const [oldest] = this.#live;
    if (this.#live.size >= MOST_LIVE && oldest !== undefined) this.#live.delete(oldest);
    this.#live.add(id);
  }

  /** A provisional id that nobody uses at this station. */
  fresh(): number {
    return newProvisionalId((id) => this.has(id) || this.#live.has(id) || this.#byCsms.has(id));
  }

  /** A provisional id whose start never reached the CSMS becomes -1, so that the CSMS never sees it. */
  toCsms(id: number): number | undefined {
    const known = this.#byProvisional.get(id);
    return known && (known.csms ?? NEVER_STARTED);
  }

  toStation(id: number): number | undefined {
    return this.#byCsms.get(id);
  }

  translate(text: string, direction: Direction): string {
    return this.size === 0 ? text : translate(text, direction, this);
  }
}
