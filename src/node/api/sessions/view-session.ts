import type { PartyKey } from '../../../domain/ids.ts';
import type { StoredActiveProfile } from '../../../domain/station.ts';
import type { SessionKnowledge } from '../../../domain/why/known.ts';
import { writeActiveChargingProfile, writeChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { printDateTime } from '../../../ocpi/date-time.ts';
import { showsCharging } from '../../../roles/cpo/charging-period.ts';
import { combinationOf } from '../../../roles/cpo/combine-profiles.ts';
import type { OwnSession, Progress } from '../../../roles/cpo/session.ts';
import { chargingStateOf } from '../../../roles/cpo/session-energy.ts';
import type { Input } from '../../../store/sql/input.ts';
import type { StoredSession } from '../../../store/sql/session.ts';
import type { CsmsInputs } from '../../gateway/csms-profiles.ts';
import { maskSession } from '../masks.ts';
import type { SessionView } from './schemas.ts';
import { type HeardOf, viewAttention } from './view-attention.ts';
import { viewLimit, viewLimitedBy } from './view-why.ts';

/** A stored session, own or remote. */
export type AnySession = StoredSession<OwnSession, Progress>;

/** What the view of a session depends on: what is known of its limits, the parties whose cards are shown whole, and the names of users. */
export interface SessionViewing {
  known: SessionKnowledge;
  issuers: readonly PartyKey[];
  names?: ReadonlyMap<string, string>;
  heardOf: HeardOf;
  /** What the CSMS behind this node has set; undefined: the charge point has no CSMS. */
  csms?: CsmsInputs | undefined;
}

export function viewSession(stored: AnySession, inputs: readonly Input[], { known, issuers, names, heardOf, csms }: SessionViewing): SessionView {
  const { key, seq, peer, station, activeProfile, progress, body } = stored;
  return {
    key,
    seq,
    side: peer === undefined ? 'own' : 'foreign',
    ...(peer !== undefined && { peer }),
    ...(station !== undefined && { station }),
    ...(body.status === 'ACTIVE' && { ...viewLimits(stored, known), ...viewMeasured(stored) }),
    ...viewAttention(stored, heardOf),
    combination: viewCombination(inputs),
    inputs: inputs.map((it) => viewInput(it, names)),
    ...(csms && { csms: viewCsms(csms) }),
    ...(activeProfile && viewActive(activeProfile)),
    ...(progress?.closed && { closed_without_end: describeClosing(progress.closed) }),
    ...(progress?.refused && !body.cdr_token && { unauthorised: true }),
    session: maskSession(body, issuers),
  };
}

/** The limit that holds now, where it comes from, or since when nobody knows it; and what holds the session back. */
const viewLimits = ({ limitUnknownSince }: AnySession, known: SessionKnowledge): Pick<SessionView, 'limit' | 'limit_unknown_since' | 'limited_by'> => ({
  ...(known.limit && { limit: viewLimit(known.limit) }),
  ...(limitUnknownSince !== undefined && { limit_unknown_since: printDateTime(limitUnknownSince) }),
  limited_by: viewLimitedBy(known),
});

function viewInput({ by, state, profile, author }: Input, names: ReadonlyMap<string, string> | undefined): SessionView['inputs'][number] {
  const user = author === undefined ? undefined : names?.get(author);
  return { by, ...(user !== undefined && { user }), state, charging_profile: writeChargingProfile(profile) };
}

function viewCsms({ mode, uncertain, profiles }: CsmsInputs): NonNullable<SessionView['csms']> {
  const view = ({ id, evseId, purpose, stackLevel, profile }: CsmsInputs['profiles'][number]) => {
    const isLimited = profile?.schedule.periods.every(({ limit }) => Number.isFinite(limit)) === true;
    return { id, evse_id: evseId, purpose, stack_level: stackLevel, ...(profile && isLimited && { charging_profile: writeChargingProfile(profile.schedule) }) };
  };
  return { smart_charging: mode, uncertain, profiles: profiles.map(view) };
}

/** What the charge point measures and says now; of a session of another platform, what its CPO sent. */
export function viewMeasured({ peer, progress, body }: AnySession): Pick<SessionView, 'power' | 'current' | 'state_of_charge' | 'charging' | 'suspended_by'> {
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
