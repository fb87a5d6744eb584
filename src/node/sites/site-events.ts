import type { Evse } from '../../domain/evse.ts';
import type { StationId } from '../../domain/ids.ts';
import type { EvseEvent } from '../../domain/site/event.ts';
import type { SiteEvse } from '../../domain/site/limit-tree.ts';
import type { Reading, StationEvent } from '../../domain/station.ts';
import { type Amperes, amperes, type EpochMillis } from '../../domain/units.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';

type Transaction = Extract<StationEvent, { transactionId: string }>;
type Metered = Pick<SiteEvse, 'evse' | 'voltage' | 'phases'>;

/** Where a car is known to charge, and when its meter last spoke. */
interface Running {
  station: StationId;
  evse: Evse;
  metered: EpochMillis | undefined;
}

/** So long a meter may say nothing before it counts as silent, in ms. */
const METER_PATIENCE_MS = 10 * 60_000;

/** What charge points tell of transactions, as it matters to a site: who is plugged in where, and what is drawn there. */
export class SiteEvents {
  readonly #places: EvseDirectory;
  readonly #running = new Map<string, Running>();

  constructor(places: EvseDirectory) {
    this.#places = places;
  }

  /** A transaction that an earlier run of this node has seen begin. */
  remember(station: StationId, transactionId: string, evse: Evse): EvseEvent {
    this.#running.set(keyOf(station, transactionId), { station, evse, metered: undefined });
    return { kind: 'plugged-in', evse: evse.uid };
  }

  /** `siteEvse`: undefined where an EVSE is in no site. */
  read(station: StationId, event: Transaction, { now, siteEvse }: { now: EpochMillis; siteEvse(uid: string): Metered | undefined }): readonly EvseEvent[] {
    const key = keyOf(station, event.transactionId);
    const known = this.#running.get(key);
    const named = event.kind === 'transaction-ended' || event.evseId === undefined ? undefined : this.#places.byEvseId(station, event.evseId);
    const evse = named?.evse ?? known?.evse;
    if (!evse) return [];
    if (event.kind === 'transaction-ended') {
      this.#running.delete(key);
      return [{ kind: 'plugged-out', evse: evse.uid }];
    }
    const at = siteEvse(evse.uid);
    const drawn = at && currentIn(event.readings, at);
    this.#running.set(key, { station, evse, metered: drawn === undefined ? known?.metered : now });
    const plugged: EvseEvent[] = known ? [{ kind: 'responded', evse: evse.uid }] : [{ kind: 'plugged-in', evse: evse.uid }];
    return drawn === undefined ? plugged : [...plugged, { kind: 'meter', evse: evse.uid, current: drawn }];
  }

  /** Meters that have spoken before and say nothing for ten minutes; each is told once. */
  silentMeters(now: EpochMillis): readonly EvseEvent[] {
    const silent = [...this.#running.values()].filter(({ metered }) => metered !== undefined && now - metered > METER_PATIENCE_MS);
    return silent.map((it) => {
      it.metered = undefined;
      return { kind: 'silent', evse: it.evse.uid, what: 'meter' };
    });
  }
}

const keyOf = (station: StationId, transactionId: string) => `${station} ${transactionId}`;

/** The newest current on each phase of the grid; of a DC EVSE its power says it, and where an AC one tells no current. */
function currentIn(readings: readonly Reading[], { evse, voltage, phases }: Metered): Amperes | undefined {
  const isDc = evse.powerType === 'DC';
  const last = readings.findLast(({ current, power }) => power !== undefined || (current !== undefined && !isDc));
  if (last?.current !== undefined && !isDc) return last.current;
  return last?.power === undefined ? undefined : amperes(Math.max(0, last.power / (voltage * phases)));
}
