import type { Evse } from '../../domain/evse.ts';
import type { SessionKey, StationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { convertProfile } from '../../domain/profile/convert.ts';
import type { ChargingNeeds, NeedsAnswer } from '../../domain/station.ts';
import { toSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import { profileForNeeds } from '../../roles/cpo/answer-charging-needs.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { inputsOf } from '../../store/sql/input.ts';
import { runningAt, type StoredSession } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import { unitOf } from '../sites/evse-limit.ts';
import { EV } from './announced-limits.ts';
import { type ActiveProfileDependencies, type ConnectedSession, installedOf } from './read-active-profile.ts';
import { sendNodeProfile } from './resend-profile.ts';

/** What answering charging needs takes from other parts of the node. */
export interface ChargingNeedsDependencies extends ActiveProfileDependencies {
  /** Reads the active profile of a session again. */
  reread(session: SessionKey): void;
}

/** Answers the charging needs of a car; after `Accepted` a profile for its transaction is sent (OCPP 2.0.1 K15, OCPP 2.1 K15). */
export function createChargingNeeds(
  context: Context,
  dependencies: ChargingNeedsDependencies,
): (station: StationId, needs: ChargingNeeds) => Promise<NeedsAnswer> {
  return async (id, needs) => {
    const station = dependencies.stationOf(id);
    const evse = dependencies.evses.byEvseId(id, needs.evseId)?.evse;
    const sessions = await context.store.all(runningAt<OwnSession, Progress>(id));
    const session = sessions.findLast((it) => it.evseUid === evse?.uid && it.transactionId !== undefined && !it.progress?.vacated);
    if (!station || !evse || !session || !station.abilities().smartCharging) return 'Rejected';
    const profile = await profileWithin({ session, evse, needs });
    if (!profile) return 'Rejected';
    // From now on the car itself may draw less than any other limit.
    dependencies.announced.note(id, { evseId: needs.evseId, source: EV });
    context.work.start(`needs at ${evse.uid}`, async () => {
      await new Promise((answered) => setImmediate(answered));
      await send({ session, station, evse }, { needs, profile });
    });
    return 'Accepted';
  };

  /** Undefined when the limits have units that do not convert. */
  async function profileWithin({ session, evse, needs }: { session: StoredSession<OwnSession, Progress>; evse: Evse; needs: ChargingNeeds }) {
    const from = dateTimeSeconds(session.body.start_date_time) ?? toSeconds(context.clock.now());
    const installed = installedOf(await context.store.all(inputsOf(session.key)), { evse, startedAt: from });
    const site = dependencies.limitsAt(evse.uid).profile;
    return profileForNeeds(needs, { evse, profile: installed, site: site && inUnitOf(installed, site, evse), from });
  }

  async function send(to: ConnectedSession, { needs, profile }: { needs: ChargingNeeds; profile: ChargingProfile }): Promise<void> {
    const { session, station, evse } = to;
    const inputs = await context.store.all(inputsOf(session.key));
    const site = dependencies.limitsAt(evse.uid).profile;
    const newest = (await profileWithin({ session, evse, needs })) ?? profile;
    const answer = await sendNodeProfile(context, to, { profile: newest, inputs, ...(site && { below: site }) });
    context.journal.note({ step: 'charging-needs-answered', session: session.key, station: station.id, answer });
    dependencies.reread(session.key);
  }
}

/** The limit of the site in the unit of the session's profile; unchanged when it does not convert. */
function inUnitOf(installed: ChargingProfile | undefined, site: ChargingProfile, evse: Evse): ChargingProfile {
  const converted = convertProfile(site, installed?.unit ?? unitOf(evse), evse);
  return converted.ok ? converted.value : site;
}
