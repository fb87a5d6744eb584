import type { Evse } from '../../domain/evse.ts';
import type { StationId } from '../../domain/ids.ts';
import { beginsLater } from '../../domain/profile/active-profile.ts';
import type { ActiveChargingProfile, ChargingProfile } from '../../domain/profile/charging-profile.ts';
import type { Deviation, LimitAnnouncement, StationAnswer, StoredActiveProfile } from '../../domain/station.ts';
import { type EpochSeconds, type Seconds, toSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import type { Station } from '../../ocpp/station.ts';
import { shapeProfile } from '../../ocpp/tx-profile.ts';
import { computeActive, type Horizon } from '../../roles/cpo/compute-active-charging-profile.ts';
import { ABSOLUTE_EDGE, type Expectation, findDeviation, RELATIVE_EDGE } from '../../roles/cpo/find-deviation.ts';
import { activeProfileToReport, beginNow, HORIZON } from '../../roles/cpo/report-active-charging-profile.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { type Input, inputsOf, isBeingSet } from '../../store/sql/input.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import { lowestProfile } from '../sites/evse-limit.ts';
import { sendToStation } from '../sites/send-to-station.ts';
import type { AnnouncedLimits } from './announced-limits.ts';

type Stored = StoredSession<OwnSession, Progress>;

/** What reading an active profile needs from other parts of the node. */
export interface ActiveProfileDependencies {
  evses: EvseDirectory;
  stationOf(id: StationId): Station | undefined;
  announced: AnnouncedLimits;
  /** The limit of the site for an EVSE from now on; undefined: no site, or nothing confirmed yet. `changing`: another limit is on its way. */
  limitsAt(evseUid: string): { profile: ChargingProfile | undefined; changing: boolean };
  /** The profile that holds beside those of a CSMS; the same one where the station has no CSMS. */
  besideCsms(
    station: StationId,
    profile: ChargingProfile | undefined,
    at: { evse: Evse; transactionId: string | undefined; chargingStarted: EpochSeconds },
  ): ChargingProfile | undefined;
}

/** A session whose charge point is connected. */
export interface ConnectedSession {
  session: Stored;
  station: Station;
  evse: Evse;
}

/** The session with its charge point and EVSE; undefined when the charge point is offline or the EVSE is not in the configuration. */
export function connectedSession({ evses, stationOf }: Pick<ActiveProfileDependencies, 'evses' | 'stationOf'>, session: Stored): ConnectedSession | undefined {
  const evse = session.evseUid === undefined ? undefined : evses.byUid(session.evseUid)?.evse;
  const station = session.station && stationOf(session.station);
  return evse && station ? { session, station, evse } : undefined;
}

/** A composite schedule: read from the charge point, or computed when the charge point has none. */
export interface ActiveReading {
  active: StoredActiveProfile;
  /** The schedule is the one without any profile of ours, or the charge point has none: our profile may be lost. */
  profileMayBeLost: boolean;
  /** The charge point takes the request and reports nothing: the computed profile is pushed only where an earlier push no longer holds (F-61). */
  unconfirmed?: true;
  /** The charge point refused to report what holds after a profile was cleared: the profile is told to parties, and the limit stays unknown here. */
  refused?: true;
}

/** Everything about one reading: the session at its charge point, and where to look up the rest. */
interface Reading extends ConnectedSession, ActiveProfileDependencies {
  context: Context;
}

/**
 * Reads the composite schedule of a session and compares it with what the charge point should do (CP-19, CP-21, CP-23). `offline`: the
 * charge point could not be asked, try again when it is back. Undefined when the charge point has no schedule to report.
 */
export async function readActiveProfile(
  context: Context,
  dependencies: ActiveProfileDependencies,
  session: Stored,
): Promise<ActiveReading | 'offline' | undefined> {
  const connected = connectedSession(dependencies, session);
  if (!connected) return session.station && session.evseUid && dependencies.evses.byUid(session.evseUid) ? 'offline' : undefined;
  const reading = { context, ...dependencies, ...connected };
  const before = await context.store.all(inputsOf(session.key));
  const answer = await requestSchedule(reading, before);
  if (answer.is === 'NOT_SENT' || answer.is === 'SILENT') return 'offline';
  if (answer.is === 'REJECTED') return computeInstead(reading, answer, before);
  const active = activeProfileToReport({ answer, evse: connected.evse, unit: before[0]?.profile.unit, now: context.clock.now() });
  return active && compare(reading, await fromNowOn(reading, active, HORIZON), before);
}

/** The reading of a charge point that reports no schedule: the computed profile; undefined, with a log line, when that is not known either. */
async function computeInstead(
  reading: Reading,
  answer: Extract<StationAnswer, { is: 'REJECTED' }>,
  before: readonly Input[],
): Promise<ActiveReading | undefined> {
  const { context, session, station, evse } = reading;
  const computed = await computeFrom(reading, HORIZON);
  if (computed) {
    const active: StoredActiveProfile = { ...withFindings(computed, announcedAt(reading), undefined), computed: true };
    const unreported = !answer.lacksSmartCharging && (before.length > 0 ? ({ unconfirmed: true } as const) : ({ refused: true } as const));
    return { active, profileMayBeLost: true, ...unreported };
  }
  context.journal.note({ step: 'active-profile-unknown', session: session.key, station: station.id, why: answer.because });
  const maximum = activeProfileToReport({ answer, evse, unit: before[0]?.profile.unit, now: context.clock.now() });
  return maximum && { active: maximum, profileMayBeLost: false, refused: true };
}

/** The profile that a charge point reported, from now on: before it begins, the computed one holds (F-60). */
async function fromNowOn(reading: Reading, active: ActiveChargingProfile, duration: Seconds): Promise<ActiveChargingProfile> {
  const now = toSeconds(reading.context.clock.now());
  if (!beginsLater(active, now)) return active;
  return beginNow(active, { known: await computeFrom(reading, duration), evse: reading.evse, now, duration });
}

/**
 * The active profile that the node computes, for a charge point without composite schedules. Undefined when the charge point is offline, or
 * when it is uncertain which profiles are installed.
 */
export async function computeActiveProfile(
  context: Context,
  dependencies: ActiveProfileDependencies,
  { session, duration }: { session: Stored; duration: Seconds },
): Promise<ActiveChargingProfile | undefined> {
  const connected = connectedSession(dependencies, session);
  return connected && computeFrom({ context, ...dependencies, ...connected }, duration);
}

/** A reported active profile of a session, from now on (see `fromNowOn`). */
export async function completeActiveProfile(
  context: Context,
  dependencies: ActiveProfileDependencies,
  { session, active, duration }: { session: Stored; active: ActiveChargingProfile; duration: Seconds },
): Promise<ActiveChargingProfile> {
  const connected = connectedSession(dependencies, session);
  return connected ? fromNowOn({ context, ...dependencies, ...connected }, active, duration) : active;
}

/** A charge point that is known to have no composite schedules gets no request. */
async function requestSchedule({ context, session, station, evse }: Reading, inputs: readonly Input[]): Promise<StationAnswer> {
  if (station.abilities().compositeSchedule === false) return { is: 'REJECTED', because: 'no composite schedules', lacksSmartCharging: true };
  // Without a profile, in the unit of before: who was told of a limit can compare what holds now.
  const unit = inputs[0]?.profile.unit ?? session.lastActiveProfile?.unit;
  return sendToStation(context, station, { request: { kind: 'get-composite-schedule', evse, duration: HORIZON, unit } });
}

async function computeFrom(reading: Reading, duration: Seconds): Promise<ActiveChargingProfile | undefined> {
  const { context, session } = reading;
  if (await context.store.first(isBeingSet(session.key))) return undefined;
  const inputs = await context.store.all(inputsOf(session.key));
  if (!areCertain(inputs)) return undefined;
  const horizon = { start: toSeconds(context.clock.now()), duration };
  return expectations(reading, inputs, { ...horizon, ...announcedAt(reading) })[0]?.computed;
}

/** Looks for a deviation. None is reported while a profile is being sent or may have arrived: the schedule may show it or not. */
async function compare(reading: Reading, active: ActiveChargingProfile, before: readonly Input[]): Promise<ActiveReading> {
  const { context, session, evse } = reading;
  const announced = announcedAt(reading);
  const isChanging = (await context.store.first(isBeingSet(session.key))) === true || reading.limitsAt(evse.uid).changing;
  const inputs = await context.store.all(inputsOf(session.key));
  if (isChanging || !areCertain(inputs) || JSON.stringify(inputs) !== JSON.stringify(before))
    return { active: withFindings(active, announced, undefined), profileMayBeLost: false };
  const deviation = findDeviation(active, expectations(reading, inputs, active), { evse, announced });
  const withoutProfile = deviation && inputs.length > 0 ? expectations(reading, [], active) : [];
  return {
    active: withFindings(active, announced, deviation),
    profileMayBeLost: withoutProfile.length > 0 && findDeviation(active, withoutProfile, { evse, announced }) === undefined,
  };
}

/** The schedules that are right. For a profile without a start there are two: charging may begin with the transaction or later. */
function expectations(
  { session, station, evse, limitsAt, besideCsms }: Reading,
  inputs: readonly Input[],
  { limits: announced, ...horizon }: Horizon & Pick<LimitAnnouncement, 'limits'>,
): readonly Expectation[] {
  const startedAt = dateTimeSeconds(session.body.start_date_time);
  const profile = installedOf(inputs, { evse, startedAt });
  const shaped = profile && shapeProfile(profile, evse, station.abilities());
  const site = limitsAt(evse.uid).profile;
  const known = session.progress?.started;
  const starts = [startedAt, known === undefined ? undefined : toSeconds(known)].filter((it) => it !== undefined);
  const edge = profile?.start === undefined ? RELATIVE_EDGE : ABSOLUTE_EDGE;
  return (starts.length === 0 ? [horizon.start] : starts).flatMap((chargingStarted) => {
    const own = shaped?.ok ? shaped.value : undefined;
    const beside = besideCsms(station.id, own, { evse, transactionId: session.transactionId, chargingStarted });
    const computed = computeActive({ evse, profile: beside, site, announced, chargingStarted }, horizon);
    return computed ? [{ computed, edge }] : [];
  });
}

/** What the charge point announced; after a restart of the node, what was stored with the last reading. */
const announcedAt = ({ announced, session, station, evse }: Reading): LimitAnnouncement =>
  announced.at(station.id, evse.evseId) ?? session.lastActiveProfile?.announced ?? { lowered: false, raised: false };

const areCertain = (inputs: readonly Input[]) => inputs.every(({ state }) => state === 'installed');

/** The profile that the charge point was sent: the lowest of all parties that steer the session, in the unit of the newest. */
export function installedOf(inputs: readonly Input[], at: { evse: Evse; startedAt: EpochSeconds | undefined }): ChargingProfile | undefined {
  const [newest, ...others] = inputs.map(({ profile }) => profile).reverse();
  return newest && lowestProfile([newest, ...others], at);
}

const withFindings = (active: ActiveChargingProfile, announced: LimitAnnouncement, deviation: Deviation | undefined): StoredActiveProfile => ({
  ...active,
  ...((announced.lowered || announced.raised) && { announced }),
  ...(deviation && { deviation }),
});
