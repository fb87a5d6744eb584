import type { Evse } from '../../domain/evse.ts';
import { messageId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { later, seconds, toSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import { startedEarlier } from '../../ocpp/quirks.ts';
import type { Station } from '../../ocpp/station.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { inputsOf, isBeingSet } from '../../store/sql/input.ts';
import type { StoredSession } from '../../store/sql/session.ts';
import type { Context } from '../core/context.ts';
import { lowestProfile } from '../sites/lowest-profile.ts';
import { installedOf } from './read-active-profile.ts';

/** How long the charge point may think about it. */
const PATIENCE = seconds(20);

/** Where a profile of the node's own making goes. */
export interface ProfileTarget {
  session: StoredSession<OwnSession, Progress>;
  station: Station;
  evse: Evse;
}

/** Sends again what a charge point forgot when it booted; never above what its site leaves; nothing when somebody sets or clears a profile meanwhile (quirk lost-at-reboot). */
export async function resendProfile(context: Context, target: ProfileTarget, site: ChargingProfile | undefined): Promise<void> {
  const { session, evse } = target;
  const startedAt = dateTimeSeconds(session.body.start_date_time);
  const inputs = await context.store.all(inputsOf(session.key));
  const own = installedOf(inputs, { evse, startedAt });
  const profile = own && lowestProfile(site ? [own, site] : [own], { evse, startedAt });
  if (!profile || inputs.some(({ state }) => state !== 'installed')) return;
  const known = JSON.stringify(inputs);
  const isStill = async () => !(await context.store.first(isBeingSet(session.key))) && JSON.stringify(await context.store.all(inputsOf(session.key))) === known;
  const word = await sendNodeProfile(context, target, { profile, claim: isStill });
  context.journal.note({ step: 'profile-sent-again', session: session.key, station: target.station.id, word });
}

/** Sends a profile of the node's own making under the id of the session's profile, so that it takes its place; its word is told. */
export async function sendNodeProfile(
  context: Context,
  { session, station, evse }: ProfileTarget,
  it: { profile: ChargingProfile; claim: () => Promise<boolean> },
): Promise<string> {
  const { transactionId, profileId } = session;
  if (transactionId === undefined || profileId === undefined) return 'no transaction';
  const now = context.clock.now();
  const heard = await station.ask({
    request: { kind: 'set-charging-profile', evse, transactionId, profileId, profile: startedEarlier(it.profile, toSeconds(now)) },
    messageId: messageId(context.newId()),
    deadline: later(now, PATIENCE),
    claim: it.claim,
  });
  return 'because' in heard ? `${heard.is} (${heard.because})` : heard.is;
}
