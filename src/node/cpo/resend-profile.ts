import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { toSeconds } from '../../domain/units.ts';
import { dateTimeSeconds } from '../../ocpi/date-time.ts';
import { backdated } from '../../ocpp/quirks.ts';
import { type Input, inputsOf, isBeingSet } from '../../store/sql/input.ts';
import type { Context } from '../core/context.ts';
import { lowestProfile } from '../sites/evse-limit.ts';
import { describeAnswer, sendToStation } from '../sites/send-to-station.ts';
import { type ConnectedSession, installedOf } from './read-active-profile.ts';

/**
 * Sends the session's profile again to a charge point that lost it when it booted; never above the limit of its site. Sends nothing when a
 * request sets or clears the profile meanwhile (quirk lost-at-reboot).
 */
export async function resendProfile(context: Context, to: ConnectedSession, site: ChargingProfile | undefined): Promise<void> {
  const { session, evse } = to;
  const startedAt = dateTimeSeconds(session.body.start_date_time);
  const inputs = await context.store.all(inputsOf(session.key));
  const own = installedOf(inputs, { evse, startedAt });
  const profile = own && lowestProfile(site ? [own, site] : [own], { evse, startedAt });
  if (!profile || inputs.some(({ state }) => state !== 'installed')) return;
  const answer = await sendNodeProfile(context, to, { profile, inputs, ...(site && { below: site }) });
  context.journal.note({ step: 'profile-resent', session: session.key, station: to.station.id, answer });
}

/**
 * Sends a profile that the node made itself. It has the id of the session's profile and so replaces it. Nothing is sent when the profiles
 * that steer the session are no longer `inputs`. Resolves with the answer, for log lines.
 */
export async function sendNodeProfile(
  context: Context,
  { session, station, evse }: ConnectedSession,
  { profile, inputs, below }: { profile: ChargingProfile; inputs: readonly Input[]; below?: ChargingProfile },
): Promise<string> {
  const { key, transactionId, profileId } = session;
  if (transactionId === undefined || profileId === undefined) return 'no transaction';
  const { store, clock } = context;
  const known = JSON.stringify(inputs);
  const claim = async () => !(await store.first(isBeingSet(key))) && JSON.stringify(await store.all(inputsOf(key))) === known;
  const request = {
    kind: 'set-charging-profile',
    evse,
    transactionId,
    profileId,
    profile: backdated(profile, toSeconds(clock.now())),
    ...(below && { below }),
  } as const;
  return describeAnswer(await sendToStation(context, station, { request, claim }));
}
