import type { Evse } from '../../domain/evse.ts';
import type { StationId } from '../../domain/ids.ts';
import type { EvseEvent } from '../../domain/site/event.ts';
import type { SiteEvse } from '../../domain/site/limit-tree.ts';
import type { Reading, TransactionEvent } from '../../domain/station.ts';
import { type Amperes, amperes, type EpochMillis } from '../../domain/units.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';

type Metered = Pick<SiteEvse, 'evse' | 'voltage' | 'phases'>;

/** A running transaction. */
interface Running {
  station: StationId;
  evse: Evse;
  /** When the last meter value arrived, by the steady clock; undefined: none yet, or reported as silent. */
  metered: EpochMillis | undefined;
}

/** A meter without values for this time counts as silent, in ms. */
const METER_PATIENCE_MS = 10 * 60_000;

/** Turns events of transactions into events of a site: which EVSEs have a car, and the current that it draws. */
export class SiteEvents {
  readonly #evses: EvseDirectory;
  readonly #running = new Map<string, Running>();

  constructor(evses: EvseDirectory) {
    this.#evses = evses;
  }

  /** Transactions that count as running. */
  get size(): number {
    return this.#running.size;
  }

  /** Adds a transaction that began in an earlier run of this node. */
  remember(station: StationId, transactionId: string, evse: Evse): EvseEvent {
    this.#running.set(keyOf(station, transactionId), { station, evse, metered: undefined });
    return { kind: 'plugged-in', evse: evse.uid };
  }

  /** The keys of the transactions that are known now; see `keyOf`. */
  known(): ReadonlySet<string> {
    return new Set(this.#running.keys());
  }

  /** Drops the transactions with these keys, whose end was lost. */
  drop(keys: Iterable<string>): readonly EvseEvent[] {
    const lost = [...keys].flatMap((key) => this.#running.get(key) ?? []);
    for (const key of keys) this.#running.delete(key);
    const stillUsed = new Set([...this.#running.values()].map(({ evse }) => evse.uid));
    return lost.filter(({ evse }) => !stillUsed.has(evse.uid)).map(({ evse }) => ({ kind: 'plugged-out', evse: evse.uid }));
  }

  /** Forgets the transactions at EVSEs whose site has changed. */
  forget(isChanged: (evseUid: string) => boolean): void {
    for (const [key, { evse }] of this.#running) if (isChanged(evse.uid)) this.#running.delete(key);
  }

  /** The site events of one transaction event. `siteEvse` gives undefined for an EVSE that belongs to no site. */
  read(station: StationId, event: TransactionEvent, { now, siteEvse }: { now: EpochMillis; siteEvse(uid: string): Metered | undefined }): readonly EvseEvent[] {
    const key = keyOf(station, event.transactionId);
    const known = this.#running.get(key);
    const named = event.kind === 'transaction-ended' || event.evseId === undefined ? undefined : this.#evses.byEvseId(station, event.evseId);
    const evse = named?.evse ?? known?.evse;
    if (!evse) return [];
    if (event.kind === 'transaction-ended') {
      this.#running.delete(key);
      return [{ kind: 'plugged-out', evse: evse.uid }];
    }
    const at = siteEvse(evse.uid);
    const current = at && currentIn(event.readings, at);
    this.#running.set(key, { station, evse, metered: current === undefined ? known?.metered : now });
    const plugged: EvseEvent[] = known ? [{ kind: 'responded', evse: evse.uid }] : [{ kind: 'plugged-in', evse: evse.uid }];
    return current === undefined ? plugged : [...plugged, { kind: 'meter', evse: evse.uid, current }];
  }

  /** Meters that sent values before and none for ten minutes; each is reported once. */
  silentMeters(now: EpochMillis): readonly EvseEvent[] {
    const silent = [...this.#running.values()].filter(({ metered }) => metered !== undefined && now - metered > METER_PATIENCE_MS);
    return silent.map((it) => {
      it.metered = undefined;
      return { kind: 'silent', evse: it.evse.uid, what: 'meter' };
    });
  }
}

/** Identifies a transaction. */
export const keyOf = (station: StationId, transactionId: string) => `${station} ${transactionId}`;

/** The newest current on each phase of the grid. It is calculated from the power for a DC EVSE, and for an AC EVSE without a current. */
function currentIn(readings: readonly Reading[], { evse, voltage, phases }: Metered): Amperes | undefined {
  const isDc = evse.powerType === 'DC';
  const last = readings.findLast(({ current, power }) => power !== undefined || (current !== undefined && !isDc));
  if (last?.current !== undefined && !isDc) return last.current;
  return last?.power === undefined ? undefined : amperes(Math.max(0, last.power / (voltage * phases)));
}
