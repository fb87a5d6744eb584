import type { Evse } from '../../domain/evse.ts';
import type { SessionKey, StationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { convertProfile } from '../../domain/profile/convert.ts';
import type { ChargingNeeds, NeedsAnswer } from '../../domain/station.ts';
import { toSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import { profileFor } from '../../roles/cpo/answer-charging-needs.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { inputsOf, isBeingSet } from '../../store/sql/input.ts';
import { runningAt, type StoredSession } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import { EV } from './announced-limits.ts';
import { type ActiveProfileDependencies, installedOf } from './read-active-profile.ts';
import { type ProfileTarget, sendNodeProfile } from './resend-profile.ts';

/** What answers needs, beside what a reader works with. */
export interface ChargingNeedsDependencies extends ActiveProfileDependencies {
  reread(session: SessionKey): void;
}

/** Answers what a car needs with a profile for its transaction, which goes out behind the answer (OCPP 2.0.1 K15, OCPP 2.1 K15). */
export function createChargingNeeds(context: Context, tools: ChargingNeedsDependencies): (station: StationId, needs: ChargingNeeds) => Promise<NeedsAnswer> {
  return async (id, needs) => {
    const station = tools.stationOf(id);
    const evse = tools.evses.at(id, needs.evseId)?.evse;
    const sessions = await context.store.all(runningAt<OwnSession, Progress>(id));
    const session = sessions.find((it) => it.evseUid === evse?.uid && it.transactionId !== undefined);
    if (!station || !evse || !session || !station.abilities().smartCharging) return 'Rejected';
    const profile = await profileWithin({ session, evse, needs });
    if (!profile) return 'Rejected';
    // From now on the car itself may be what limits it.
    tools.announced.note(id, { evseId: needs.evseId, source: EV });
    setImmediate(() => send({ session, station, evse }, { needs, profile }).catch((error) => context.reportError(`needs at ${evse.uid}`, error)));
    return 'Accepted';
  };

  async function profileWithin({ session, evse, needs }: { session: StoredSession<OwnSession, Progress>; evse: Evse; needs: ChargingNeeds }) {
    const from = dateTimeSeconds(session.body.start_date_time) ?? toSeconds(context.clock.now());
    const installed = installedOf(await context.store.all(inputsOf(session.key)), { evse, startedAt: from });
    const site = tools.limitsAt(evse.uid).profile;
    return profileFor(needs, { evse, profile: installed, site: site && inUnitOf(installed, site, evse), from });
  }

  async function send(target: ProfileTarget, { needs, profile }: { needs: ChargingNeeds; profile: ChargingProfile }): Promise<void> {
    const { session, station, evse } = target;
    const known = JSON.stringify(await context.store.all(inputsOf(session.key)));
    const newest = (await profileWithin({ session, evse, needs })) ?? profile;
    // What somebody sets meanwhile is a profile for this transaction too, and the newer one.
    const isStill = async () =>
      !(await context.store.first(isBeingSet(session.key))) && JSON.stringify(await context.store.all(inputsOf(session.key))) === known;
    const word = await sendNodeProfile(context, target, { profile: newest, claim: isStill });
    context.journal.note({ step: 'needs-answered', session: session.key, station: station.id, word });
    tools.reread(session.key);
  }
}

/** The site's limits in the unit of the session's profile, as far as they convert. */
function inUnitOf(installed: ChargingProfile | undefined, site: ChargingProfile, evse: Evse): ChargingProfile {
  const unit = installed?.unit ?? (evse.powerType === 'DC' ? 'W' : 'A');
  const converted = convertProfile(site, unit, evse);
  return converted.ok ? converted.value : site;
}
