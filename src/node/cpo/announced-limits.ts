import type { StationId } from '../../domain/ids.ts';
import type { LimitAnnouncement, StationEvent } from '../../domain/station.ts';

type Changed = Pick<Extract<StationEvent, { kind: 'limit-changed' }>, 'evseId' | 'source' | 'isOver'>;

/** Most sources that are kept of one charge point: it names them itself (OCPP 2.1), and must not fill the memory. */
const MOST_SOURCES = 16;
/** The only source that raises the limit above ours (OCPP 2.1 K21). */
const RAISES = 'PriorityCharging';
/** The source of a limit that the car sets; it ends when the car leaves. */
export const EV = 'EV';

/** Limits of other systems that charge points have announced since the start of this node and that still hold. */
export class AnnouncedLimits {
  readonly #sources = new Map<StationId, Set<string>>();

  note(station: StationId, { evseId, source, isOver }: Changed): void {
    const held = this.#sources.get(station) ?? new Set();
    this.#sources.set(station, held);
    if (isOver) held.delete(nameOf(evseId, source));
    else if (held.size < MOST_SOURCES) held.add(nameOf(evseId, source));
  }

  /** Limits that are kept. */
  size(): number {
    return [...this.#sources.values()].reduce((sum, { size }) => sum + size, 0);
  }

  /** Another car uses the EVSE: the limit of the last car ends. */
  carChanged(station: StationId, evseId: number): void {
    this.#sources.get(station)?.delete(nameOf(evseId, EV));
  }

  /** Whether announced limits lower or raise the limit of one EVSE; undefined when its charge point has announced nothing. */
  at(station: StationId, evseId: number): LimitAnnouncement | undefined {
    const held = this.#sources.get(station);
    if (!held) return undefined;
    const names = [...held].filter((name) => name.startsWith(nameOf(evseId, '')) || name.startsWith(nameOf(undefined, '')));
    return { lowered: names.some((name) => !name.endsWith(` ${RAISES}`)), raised: names.some((name) => name.endsWith(` ${RAISES}`)) };
  }
}

const nameOf = (evseId: number | undefined, source: string) => `${evseId ?? 0} ${source}`;
