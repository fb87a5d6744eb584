import type { Evse } from '../../domain/evse.ts';
import { messageId, type SessionKey, type StationId } from '../../domain/ids.ts';
import type { ActiveChargingProfile, ChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { Announced, Deviation, KeptProfile, StationAnswer } from '../../domain/station.ts';
import { type EpochSeconds, later, type Seconds, seconds, toSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { Station } from '../../ocpp/station.ts';
import { shapeProfile } from '../../ocpp/tx-profile.ts';
import { computeActive, type Horizon } from '../../roles/cpo/compute-active-charging-profile.ts';
import { ABSOLUTE_EDGE, findDeviation, RELATIVE_EDGE } from '../../roles/cpo/find-deviation.ts';
import { activeNow, HORIZON } from '../../roles/cpo/report-active-charging-profile.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { type Input, inputsOf, isBeingSet } from '../../store/sql/input.ts';
import { type StoredSession, sessionByKey } from '../../store/sql/session.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import { lowestProfile } from '../sites/lowest-profile.ts';
import type { AnnouncedLimits } from './announced-limits.ts';

type Stored = StoredSession<OwnSession, Progress>;

/** What a reader works with. */
export interface ActiveProfileDependencies {
  evses: EvseDirectory;
  stationOf(id: StationId): Station | undefined;
  announced: AnnouncedLimits;
  /** What the site leaves to an EVSE from now on; undefined: it is in none, or nothing is confirmed yet. `moves`: another is on its way. */
  limitsAt(evseUid: string): { profile: ChargingProfile | undefined; moves: boolean };
}

/** A composite schedule that was read, or computed where the charge point cannot tell. */
export interface ActiveReading {
  active: KeptProfile;
  /** It says what it would say if no profile of ours were installed, or cannot tell. */
  mayBeGone: boolean;
}

/** How long a composite schedule is waited for. */
const PATIENCE = seconds(20);

/** A session with what it takes to ask about it. */
interface Scene {
  session: Stored;
  station: Station;
  evse: Evse;
}

/** Asks charge points what they will really do, and compares it with what they were told (issue of truth: CP-19, CP-21, CP-23). */
export class ActiveProfileReader {
  readonly #context: Context;
  readonly #tools: ActiveProfileDependencies;

  constructor(context: Context, tools: ActiveProfileDependencies) {
    this.#context = context;
    this.#tools = tools;
  }

  /** `away`: the charge point could not be asked, and should be when it is back; undefined: it does not say. */
  async read(session: Stored): Promise<ActiveReading | 'away' | undefined> {
    const scene = this.#sceneOf(session);
    if (!scene) return session.station && session.evseUid && this.#tools.evses.byUid(session.evseUid) ? 'away' : undefined;
    const before = await this.#context.store.all(inputsOf(session.key));
    const heard = await this.#ask(scene, before);
    if (heard.is === 'NOT_SENT' || heard.is === 'SILENT') return 'away';
    if (heard.is === 'REJECTED' && heard.lacksSmartCharging) return this.#computed(scene);
    const active = activeNow({ heard, evse: scene.evse, unit: before[0]?.profile.unit, now: this.#context.clock.now() });
    return active && this.#judged(scene, active, before);
  }

  /** What the node computes of its own inputs from now on, for a charge point that cannot tell; undefined when it does not know them for certain. */
  async compute(key: SessionKey, duration: Seconds): Promise<ActiveChargingProfile | undefined> {
    const session = await this.#context.store.first(sessionByKey<OwnSession, Progress>(key));
    const scene = session && this.#sceneOf(session);
    return scene && this.#computeNow(scene, duration);
  }

  #sceneOf(session: Stored): Scene | undefined {
    const place = session.evseUid === undefined ? undefined : this.#tools.evses.byUid(session.evseUid);
    const station = session.station && this.#tools.stationOf(session.station);
    return place && station ? { session, station, evse: place.evse } : undefined;
  }

  /** One that has said that it knows no composite schedules is not asked for the sake of a push. */
  async #ask({ station, evse }: Scene, inputs: readonly Input[]): Promise<StationAnswer> {
    if (station.abilities().compositeSchedule === false) return { is: 'REJECTED', because: 'no composite schedules', lacksSmartCharging: true };
    return station.ask({
      request: { kind: 'get-composite-schedule', evse, duration: HORIZON, unit: inputs[0]?.profile.unit },
      messageId: messageId(this.#context.newId()),
      deadline: later(this.#context.clock.now(), PATIENCE),
      claim: async () => true,
    });
  }

  async #computed(scene: Scene): Promise<ActiveReading | undefined> {
    const active = await this.#computeNow(scene, HORIZON);
    return active && { active: { ...active, computed: true }, mayBeGone: true };
  }

  async #computeNow(scene: Scene, duration: Seconds): Promise<ActiveChargingProfile | undefined> {
    const { session } = scene;
    if (await this.#context.store.first(isBeingSet(session.key))) return undefined;
    const inputs = await this.#context.store.all(inputsOf(session.key));
    if (!areCertain(inputs)) return undefined;
    return this.#ways(scene, inputs, { start: toSeconds(this.#context.clock.now()), duration })[0]?.computed;
  }

  /** No verdict while a profile is on its way, or may have arrived: the answer may show it or not. */
  async #judged(scene: Scene, active: ActiveChargingProfile, before: readonly Input[]): Promise<ActiveReading> {
    const { session, station, evse } = scene;
    const announced = this.#tools.announced.at(station.id, evse.evseId) ?? session.activeProfile?.announced ?? { lowered: false, raised: false };
    const isMoving = (await this.#context.store.first(isBeingSet(session.key))) === true || this.#tools.limitsAt(evse.uid).moves;
    const inputs = await this.#context.store.all(inputsOf(session.key));
    if (isMoving || !areCertain(inputs) || JSON.stringify(inputs) !== JSON.stringify(before))
      return { active: kept(active, announced, undefined), mayBeGone: false };
    const deviation = findDeviation(active, this.#ways(scene, inputs, active), { evse, announced });
    const bare = deviation && inputs.length > 0 ? this.#ways(scene, [], active) : [];
    return { active: kept(active, announced, deviation), mayBeGone: bare.length > 0 && findDeviation(active, bare, { evse, announced }) === undefined };
  }

  /** What the charge point ought to say: of a profile without a start there are two ways, as charging begins after the transaction. */
  #ways(scene: Scene, inputs: readonly Input[], horizon: Horizon): { computed: ActiveChargingProfile; edge: number }[] {
    const { session, station, evse } = scene;
    const startedAt = dateTimeSeconds(session.body.start_date_time);
    const profile = installedOf(inputs, { evse, startedAt });
    const shaped = profile && shapeProfile(profile, evse, station.abilities());
    const site = this.#tools.limitsAt(evse.uid).profile;
    const known = session.progress?.started;
    const starts = [startedAt, known === undefined ? undefined : toSeconds(known)].filter((it) => it !== undefined);
    const edge = profile?.start === undefined ? RELATIVE_EDGE : ABSOLUTE_EDGE;
    return (starts.length === 0 ? [horizon.start] : starts).flatMap((chargingStarted) => {
      const computed = computeActive({ evse, profile: shaped?.ok ? shaped.value : undefined, site, chargingStarted }, horizon);
      return computed ? [{ computed, edge }] : [];
    });
  }
}

const areCertain = (inputs: readonly Input[]) => inputs.every(({ state }) => state === 'installed');

/** The one profile that the charge point was sent for all who steer a session; the newest of them names the unit. */
export function installedOf(inputs: readonly Input[], at: { evse: Evse; startedAt: EpochSeconds | undefined }): ChargingProfile | undefined {
  const [newest, ...others] = inputs.map(({ profile }) => profile).reverse();
  return newest && lowestProfile([newest, ...others], at);
}

const kept = (active: ActiveChargingProfile, announced: Announced, deviation: Deviation | undefined): KeptProfile => ({
  ...active,
  ...((announced.lowered || announced.raised) && { announced }),
  ...(deviation && { deviation }),
});
