import type { PartyKey } from '../../../domain/ids.ts';
import type { ActiveChargingProfile, ChargingProfile } from '../../../domain/profile/charging-profile.ts';
import { type Limit, limitAt, scheduleOf } from '../../../domain/profile/schedule.ts';
import type { StoredActiveProfile } from '../../../domain/station.ts';
import { type EpochMillis, toSeconds } from '../../../domain/units.ts';
import { writeActiveChargingProfile, writeChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { dateTimeSeconds, printDateTime } from '../../../ocpi/date-time.ts';
import { showsCharging } from '../../../roles/cpo/charging-period.ts';
import { combinationOf } from '../../../roles/cpo/combine-profiles.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import { chargingStateOf } from '../../../roles/cpo/session-energy.ts';
import type { Input } from '../../../store/sql/input.ts';
import type { StoredSession } from '../../../store/sql/session.ts';
import { maskSession } from '../masks.ts';
import type { LimitView, SessionView } from './schemas.ts';
import { type HeardOf, viewAttention } from './view-attention.ts';

/** A stored session, own or remote. */
export type AnySession = StoredSession<OwnSession, Progress>;

/** What the view of sessions depends on: the time, and the parties whose cards are shown whole. */
export interface SessionViewing {
  now: EpochMillis;
  issuers: readonly PartyKey[];
  heardOf: HeardOf;
}

export function viewSession(stored: AnySession, inputs: readonly Input[], { now, issuers, heardOf }: SessionViewing): SessionView {
  const { key, seq, peer, station, activeProfile, progress, body } = stored;
  return {
    key,
    seq,
    side: peer === undefined ? 'own' : 'foreign',
    ...(peer !== undefined && { peer }),
    ...(station !== undefined && { station }),
    ...(body.status === 'ACTIVE' && { ...viewLimit(stored, inputs, now), ...viewMeasured(stored) }),
    ...viewAttention(stored, heardOf),
    combination: viewCombination(inputs),
    inputs: inputs.map(({ by, state, profile }) => ({ by, state, charging_profile: writeChargingProfile(profile) })),
    ...(activeProfile && viewActive(activeProfile)),
    ...(progress?.closed && { closed_without_end: describeClosing(progress.closed) }),
    ...(progress?.refused && !body.cdr_token && { unauthorised: true }),
    session: maskSession(body, issuers),
  };
}

/** What the charge point measures and says now; of a session of another platform, what its CPO sent. */
function viewMeasured({ peer, progress, body }: AnySession): Pick<SessionView, 'power' | 'current' | 'state_of_charge' | 'charging' | 'suspended_by'> {
  const told = body.charging_periods?.findLast(({ dimensions }) => dimensions.some(({ type }) => type === 'STATE_OF_CHARGE'));
  const charge = progress?.stateOfCharge ?? told?.dimensions.find(({ type }) => type === 'STATE_OF_CHARGE')?.volume;
  const state = progress && chargingStateOf(progress);
  return {
    ...(progress?.power !== undefined && { power: progress.power }),
    ...(progress?.current !== undefined && { current: Math.round(progress.current * 10) / 10 }),
    ...(charge !== undefined && { state_of_charge: charge }),
    charging: peer === undefined && state ? state === 'charging' : showsCharging(body.charging_periods),
    ...(state === 'suspended_ev' && { suspended_by: 'EV' as const }),
    ...(state === 'suspended_evse' && { suspended_by: 'EVSE' as const }),
  };
}

/** Why a session was closed without its end, and how its energy is known (A-36). */
function describeClosing({ because, energyAt, later }: NonNullable<Progress['closed']>): string {
  const why = because === 'available' ? 'the connector is available' : 'another transaction began at the EVSE';
  const energy = energyAt === undefined ? 'no register after the start' : `energy of the register at ${printDateTime(energyAt)}`;
  return `${why}; ${energy}${later === undefined ? '' : `; the end came later, with ${later} kWh`}`;
}

function viewActive(active: StoredActiveProfile): Pick<SessionView, 'active_charging_profile' | 'active_charging_profile_computed' | 'deviation'> {
  const { computed, deviation } = active;
  const said = writeActiveChargingProfile(active);
  return {
    active_charging_profile: said,
    ...(computed && { active_charging_profile_computed: computed }),
    ...(deviation && { deviation: { how: deviation.how, said, computed: writeActiveChargingProfile(deviation.computed) } }),
  };
}

function viewCombination(inputs: readonly Input[]): SessionView['combination'] {
  const { rule, says, replaces } = combinationOf(inputs);
  return { rule, says, replaces: [...replaces] };
}

/** The limit that holds now, or since when nobody knows it: then the last one is not shown. */
function viewLimit(stored: AnySession, inputs: readonly Input[], now: EpochMillis): Pick<SessionView, 'limit' | 'limit_unknown_since'> {
  const { limitUnknownSince } = stored;
  if (limitUnknownSince !== undefined) return { limit_unknown_since: printDateTime(limitUnknownSince) };
  const limit = limitOf(stored, inputs, now);
  return limit ? { limit } : {};
}

/** The limit of the active profile now; without one, the lowest limit of the profiles that are believed to be installed. */
function limitOf({ activeProfile, body }: AnySession, inputs: readonly Input[], now: EpochMillis): LimitView | undefined {
  const [first, ...others] = inputs.flatMap(({ profile }) => limitNow(profile, body, now) ?? []);
  return limitNow(activeProfile, body, now) ?? (first && others.reduce((a, b) => (b.unit === a.unit && b.limit < a.limit ? b : a), first));
}
function limitNow(profile: ActiveChargingProfile | ChargingProfile | undefined, { start_date_time }: OwnSession, now: EpochMillis): LimitView | undefined {
  if (!profile) return undefined;
  const limit = limitAt(scheduleOf<Limit>(profile, dateTimeSeconds(start_date_time) ?? toSeconds(now)), toSeconds(now));
  return limit === undefined ? undefined : { limit, unit: profile.unit };
}
