import type { StationId } from '../../domain/ids.ts';
import type { ReportedSchedule } from '../../domain/profile/active-profile.ts';
import type { LimitAnnouncement, StationEvent } from '../../domain/station.ts';

type Changed = Pick<Extract<StationEvent, { kind: 'limit-changed' }>, 'evseId' | 'source' | 'isOver' | 'limits'>;

/** Most sources that are kept of one charge point: it names them itself (OCPP 2.1), and must not fill the memory. */
const MOST_SOURCES = 16;
/** Most periods that are kept of one source; the amount of a longer limit counts as not stated. */
const MOST_PERIODS = 200;
/** The only source that raises the limit above ours (OCPP 2.1 K21). */
const RAISES = 'PriorityCharging';
/** The source of a limit that the car sets; it ends when the car leaves. */
export const EV = 'EV';

/** Limits of other systems that charge points have announced since the start of this node and that still hold. */
export class AnnouncedLimits {
  readonly #sources = new Map<StationId, Map<string, readonly ReportedSchedule[]>>();

  note(station: StationId, { evseId, source, isOver, limits = [] }: Changed): void {
    const held = this.#sources.get(station) ?? new Map<string, readonly ReportedSchedule[]>();
    this.#sources.set(station, held);
    const name = nameOf(evseId, source);
    const periods = limits.reduce((sum, it) => sum + it.periods.length, 0);
    if (isOver) held.delete(name);
    else if (held.has(name) || held.size < MOST_SOURCES) held.set(name, periods > MOST_PERIODS ? [] : limits);
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
    const here = [...held].filter(([name]) => name.startsWith(nameOf(evseId, '')) || name.startsWith(nameOf(undefined, '')));
    const lowering = here.filter(([name]) => !name.endsWith(` ${RAISES}`));
    const limits = lowering.flatMap(([, amounts]) => amounts);
    return { lowered: lowering.length > 0, raised: lowering.length < here.length, ...(limits.length > 0 && { limits }) };
  }
}

const nameOf = (evseId: number | undefined, source: string) => `${evseId ?? 0} ${source}`;
