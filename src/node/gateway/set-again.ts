import { messageId, type SessionKey } from '../../domain/ids.ts';
import type { SmartChargingMode } from '../../domain/profile/csms-wish.ts';
import { type EpochSeconds, later, seconds } from '../../domain/units.ts';
import type { LimitRequest, SetRequest } from '../../ocpp/dialect.ts';
import type { Abilities, Station, StationAnswer } from '../../ocpp/station.ts';
import type { Context } from '../core/context.ts';
import { besideCsms, meanTheSame, type OwnProfile, type StationProfiles } from './beside-csms.ts';

/** Why a profile of ours is set again: the CSMS cleared or replaced it, its own profiles changed, or they would exceed the limit of a site. */
export type SetAgainReason = 'cleared' | 'replaced' | 'changed' | 'site-limit';

/** How long a charge point may take to answer. */
const PATIENCE = seconds(20);

/** Where ours are set again. */
export interface SetAgainContext {
  /** Takes the profiles of the CSMS into account. */
  station: Station;
  profiles(): StationProfiles;
  mode: SmartChargingMode;
  abilities: Pick<Abilities, 'maxStackLevel'>;
  now(): EpochSeconds;
  sessionOf(own: OwnProfile): SessionKey | undefined;
}

/** Sets ours again that the CSMS took away, and those that would be sent differently now. */
export async function setAgain(context: Context, at: SetAgainContext): Promise<void> {
  for (const own of at.profiles().ours) {
    const because = reasonFor(own, at);
    if (because === undefined) continue;
    // A newer request of the node, the end of the transaction, or the same work at the same time makes this one useless.
    const claim = async () => at.profiles().ours.some((it) => it.request === own.request && reasonFor(it, at) !== undefined);
    const session = at.sessionOf(own);
    await sendAgain(context, { station: at.station, request: own.request, because, claim, ...(session !== undefined && { session }) });
  }
}

const reasonFor = (own: OwnProfile, at: SetAgainContext): SetAgainReason | undefined => own.taken ?? (isOutdated(own, at) ? 'changed' : undefined);

function isOutdated(own: OwnProfile, { profiles, mode, abilities, now }: SetAgainContext): boolean {
  const { chargingStarted } = own;
  return !meanTheSame(own, besideCsms(own.request, profiles(), { mode, abilities, chargingStarted, now: now() }), now());
}

/** A request to set a profile of ours again, with the reason for the log. */
export interface Again {
  station: Station;
  request: SetRequest | LimitRequest;
  because: SetAgainReason;
  claim?: () => Promise<boolean>;
  session?: SessionKey;
}

/** Sends a profile of ours again, and logs it. */
export async function sendAgain(
  { clock, newId, journal }: Pick<Context, 'clock' | 'newId' | 'journal'>,
  { station, request, because, claim = async () => true, session }: Again,
): Promise<void> {
  const answer = await station.send({ request, messageId: messageId(newId()), deadline: later(clock.now(), PATIENCE), claim });
  if (answer.is === 'NOT_SENT' && answer.because === 'unclaimed') return;
  const more = session === undefined ? {} : { session };
  journal.note({ step: 'profile-set-again', station: station.id, evse: request.evse.uid, because, answer: described(answer), ...more });
}

const described = (answer: StationAnswer): string => ('because' in answer ? `${answer.is} (${answer.because})` : answer.is);

/** A session that runs at an EVSE, as a profile for its transaction needs it. */
interface RunningSession {
  transactionId: string | undefined;
  profileId: number | undefined;
}

/** Where a guard is looked for. `onlyMissing`: none is needed where ours has a profile of the transaction. */
export interface GuardContext {
  evseId: number;
  session(evseId: number): Promise<RunningSession | undefined>;
  onlyMissing?: boolean;
}

/**
 * The profile of a transaction that keeps it below the limit of a site: a TxProfile of the CSMS overrides the TxDefaultProfile that is the limit
 * (OCPP 2.0.1 K01.FR.14). Undefined when there is no such limit, or no TxProfile of the CSMS.
 */
export async function guardFor({ known, ours }: StationProfiles, { evseId, session, onlyMissing }: GuardContext): Promise<SetRequest | undefined> {
  const limit = ours.find((it) => it.purpose === 'tx-default' && it.evseId === evseId && it.request.kind === 'limit-evse')?.request;
  const isOverridden = known.profiles.some((it) => it.purpose === 'tx' && !it.awaitsStart && it.evseId === evseId);
  if (limit?.kind !== 'limit-evse' || !isOverridden) return undefined;
  const { transactionId, profileId } = (await session(evseId)) ?? {};
  if (transactionId === undefined || profileId === undefined) return undefined;
  if (onlyMissing && ours.some((it) => it.purpose === 'tx' && it.transactionId === transactionId)) return undefined;
  return { kind: 'set-charging-profile', evse: limit.evse, transactionId, profileId, profile: limit.limit, below: limit.limit, onlyLimit: true };
}
