import type { StationId } from '../../domain/ids.ts';
import type { LimitAnnouncement, StationEvent } from '../../domain/station.ts';

type Changed = Pick<Extract<StationEvent, { kind: 'limit-changed' }>, 'evseId' | 'source' | 'isOver'>;

/** Names are the station's own (OCPP 2.1): one that invents thousands of them fills no memory. */
const MOST_SOURCES = 16;
/** The one source that puts a higher limit in the place of ours (OCPP 2.1 K21). */
const RAISES = 'PriorityCharging';
/** What the car itself says is over when it leaves. */
export const EV = 'EV';

/** The limits of others that charge points told of and that still hold, as far as was heard since the start of this node. */
export class AnnouncedLimits {
  readonly #sources = new Map<StationId, Set<string>>();

  note(station: StationId, { evseId, source, isOver }: Changed): void {
    const held = this.#sources.get(station) ?? new Set();
    this.#sources.set(station, held);
    if (isOver) held.delete(nameOf(evseId, source));
    else if (held.size < MOST_SOURCES) held.add(nameOf(evseId, source));
  }

  /** Another car is at the EVSE. */
  carChanged(station: StationId, evseId: number): void {
    this.#sources.get(station)?.delete(nameOf(evseId, EV));
  }

  /** What holds for one EVSE; undefined when this station said nothing since the start. */
  at(station: StationId, evseId: number): LimitAnnouncement | undefined {
    const held = this.#sources.get(station);
    if (!held) return undefined;
    const own = [...held].filter((name) => name.startsWith(nameOf(evseId, '')) || name.startsWith(nameOf(undefined, '')));
    return { lowered: own.some((name) => !name.endsWith(` ${RAISES}`)), raised: own.some((name) => name.endsWith(` ${RAISES}`)) };
  }
}

const nameOf = (evseId: number | undefined, source: string) => `${evseId ?? 0} ${source}`;
