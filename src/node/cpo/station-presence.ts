import type { StationId } from '../../domain/ids.ts';
import type { EpochMillis } from '../../domain/units.ts';
import type { Station } from '../../ocpp/station.ts';
import { RETRY_MS } from '../../store/retry-until.ts';
import { stationConnected, stationGone } from '../../store/sql/station.ts';
import { coalesce } from '../core/coalesce.ts';
import type { Context } from '../core/context.ts';

/** Called when the store shows that a charge point has connected or disconnected. */
interface PresenceListeners {
  recorded(station: StationId): void;
}

/** Records in the store which charge points are connected. */
export interface StationPresence {
  /**
   * Records a connection. Resolves with false when it has ended meanwhile. Rejects when it cannot be recorded, or when the store has a
   * newer connection of this charge point: the connection must then be closed.
   */
  connected(station: Station): Promise<boolean>;
  /** Records the end of a connection, as soon as the store takes it. Returns whether the connection counted as live. */
  disconnected(station: Station): boolean;
}

/** The end of a connection that is not in the store yet. */
interface EndOfConnection {
  epoch: number;
  at: EpochMillis;
  heardAt: EpochMillis;
}

/** Creates the record of connections of one node. */
export function createStationPresence(context: Context, { recorded }: PresenceListeners): StationPresence {
  const { store, clock, metrics, work } = context;
  /** The epoch of the live connection of each charge point. */
  const live = new Map<StationId, number>();
  /** Connections that have ended, perhaps before they were recorded. */
  const over = new WeakSet<Station>();
  const ends = new Map<StationId, EndOfConnection>();
  let isFailing = false;
  metrics.keep('ends of connections', () => ends.size);

  const recording = coalesce<'all'>(work, { name: () => 'ends of connections', task: recordEnds });

  /** Until the store has taken the ends, it shows the charge points as connected. */
  async function recordEnds(): Promise<void> {
    const batch = [...ends];
    try {
      await store.commit(batch.map(([id, end]) => stationGone(id, end)));
    } catch (error) {
      if (!isFailing) context.reportError('ends of connections', error);
      isFailing = true;
      clock.after(RETRY_MS, () => recording.wake('all'));
      return;
    }
    isFailing = false;
    for (const [id, end] of batch) {
      if (ends.get(id) === end) ends.delete(id);
      recorded(id);
    }
  }

  function recordEnd(station: Station): void {
    const { id, epoch } = station;
    ends.set(id, { epoch, at: clock.now(), heardAt: station.heardAt() });
    recording.wake('all');
  }

  async function record(station: Station): Promise<number | undefined> {
    const { id, version, epoch } = station;
    try {
      const [written] = await store.commit([stationConnected(id, { version, epoch, at: clock.now() })]);
      return written?.changed;
    } catch (error) {
      recordEnd(station); // the commit may have been made although it failed
      throw error;
    }
  }

  return {
    connected: async (station) => {
      const { id, epoch } = station;
      if ((await record(station)) !== 1) throw new Error(`connection ${epoch} of ${id}: the store has a newer one, so this one is closed`);
      if (over.has(station)) return false;
      live.set(id, epoch);
      metrics.stations.set(live.size);
      recorded(id);
      return true;
    },
    disconnected: (station) => {
      over.add(station);
      const wasLive = live.get(station.id) === station.epoch;
      if (wasLive) live.delete(station.id);
      metrics.stations.set(live.size);
      recordEnd(station);
      return wasLive;
    },
  };
}
