import { type PartyKey, partyOfSession } from '../../../domain/ids.ts';
import { effectiveLimit } from '../../../domain/limit/effective-limit.ts';
import { type LimitOrigin, type LimitSource, limitNow, reportedNow, type Supply } from '../../../domain/limit/limit-source.ts';
import type { ChargingProfile } from '../../../domain/profile/charging-profile.ts';
import type { SiteShare } from '../../../domain/site/site-share.ts';
import { type EpochMillis, toSeconds } from '../../../domain/units.ts';
import type { Measured, SessionKnowledge, StationFacts } from '../../../domain/why/known.ts';
import { dateTimeSeconds } from '../../../ocpi/date-time.ts';
import { OPERATOR } from '../../../roles/cpo/check-profile-request.ts';
import type { Input } from '../../../store/sql/input.ts';
import { type AnySession, viewMeasured } from './view-session.ts';

/** A profile of a session, its own or one that a party of this node has set at a CPO. */
export type SetProfile = Pick<Input, 'by' | 'profile' | 'author'> & Partial<Pick<Input, 'state'>>;

/** What the node knows of a session besides the session itself. */
export interface Surroundings {
  now: EpochMillis;
  profiles: readonly SetProfile[];
  /** What the CSMS behind this node wants; undefined: nothing, or the limits of this node come first. */
  csms?: ChargingProfile | undefined;
  supply?: Supply | undefined;
  /** W that each ampere of the share stands for. */
  share?: { site: SiteShare; wattsPerAmpere: number } | undefined;
  station?: Pick<StationFacts, 'online' | 'seen' | 'takesProfiles'> | undefined;
  /** The parties of this node for which the planner plans the session, and the reason that it gave. */
  planned?: { by: readonly PartyKey[]; why: string | undefined } | undefined;
  /** The names of users and API keys by their ids. */
  names: ReadonlyMap<string, string>;
}

/** Brings together what is known of one session: the limits that are set, the one that holds, and what is measured. */
export function sessionKnowledge(stored: AnySession, it: Surroundings): SessionKnowledge {
  const { body, peer, activeProfile } = stored;
  const at = { started: dateTimeSeconds(body.start_date_time) ?? toSeconds(it.now), now: toSeconds(it.now) };
  const sources = sourcesOf(stored, it, at);
  const cpo = partyOfSession(stored.key);
  const unknownSince = stored.limitUnknownSince === undefined ? undefined : toSeconds(stored.limitUnknownSince);
  const limit = effectiveLimit({
    unknownSince,
    reported: activeProfile && reportedNow(activeProfile, at),
    computed: activeProfile?.computed === true,
    sources,
    renewed: it.share?.site.renewed === true,
    supply: it.supply,
    other: peer === undefined ? { kind: 'station', name: stored.station ?? body.evse_uid } : { kind: 'cpo', name: cpo },
  });
  const station = stationFacts(stored, it);
  return {
    now: at.now,
    side: peer === undefined ? 'own' : 'remote',
    status: body.status,
    evse: body.evse_uid,
    supply: it.supply,
    // A CPO may limit its charge points without a word to us: the maximum of the EVSE is no limit that is known to hold.
    limit: body.status !== 'ACTIVE' || (peer !== undefined && limit?.origin.kind === 'evse' && !limit.reported) ? undefined : limit,
    unknownSince,
    sources,
    site: it.share?.site,
    measured: measuredOf(stored),
    station,
    cpo: peer === undefined ? undefined : { name: cpo, stale: stored.stale },
    planned: it.planned?.why,
  };
}

function sourcesOf(
  { body }: AnySession,
  { supply, profiles, csms, share, planned, names }: Surroundings,
  at: Parameters<typeof limitNow>[1],
): readonly LimitSource[] {
  const evse = maximumOf(supply, body.evse_uid);
  const set = profiles.toReversed().flatMap(({ by, profile, author, state }): LimitSource[] => {
    const limit = limitNow(profile satisfies ChargingProfile, at);
    return limit ? [{ ...limit, origin: originOf({ by, author }, { planned, names }), ...(state === 'uncertain' && { uncertain: true }) }] : [];
  });
  const wanted = csms && limitNow(csms, at);
  const ofCsms: LimitSource[] = wanted ? [{ ...wanted, origin: { kind: 'csms', name: 'CSMS' } }] : [];
  return [...(evse ? [evse] : []), ...set, ...ofCsms, ...siteSource(share, supply)];
}

/** The maximum of an EVSE as a limit; undefined: not known. */
export function maximumOf(supply: Supply | undefined, name: string): LimitSource | undefined {
  const origin: LimitOrigin = { kind: 'evse', name };
  if (supply?.powerType !== 'DC' && supply?.amperes !== undefined) return { origin, limit: supply.amperes, unit: 'A' };
  return supply?.watts === undefined ? undefined : { origin, limit: supply.watts, unit: 'W' };
}

function originOf({ by, author }: { by: PartyKey; author: string | undefined }, { planned, names }: Pick<Surroundings, 'planned' | 'names'>): LimitOrigin {
  const user = author === undefined ? undefined : names.get(author);
  if (by === OPERATOR || user !== undefined) return { kind: 'operator', name: user ?? 'operator' };
  return planned?.by.includes(by) ? { kind: 'plan', name: by } : { kind: 'party', name: by };
}

function siteSource(share: Surroundings['share'], supply: Supply | undefined): readonly LimitSource[] {
  const { confirmed, node, path } = share?.site ?? {};
  if (!share || confirmed === undefined) return [];
  const origin: LimitOrigin = { kind: 'site', name: node?.path ?? path ?? '' };
  const until = node?.until === undefined ? {} : { until: node.until };
  if (supply?.powerType !== 'DC') return [{ origin, limit: confirmed, unit: 'A', ...until }];
  return [{ origin, limit: Math.floor(confirmed * share.wattsPerAmpere), unit: 'W', ...until }];
}

function stationFacts({ station, activeProfile }: AnySession, it: Surroundings): StationFacts | undefined {
  if (station === undefined || !it.station) return undefined;
  const { announced, deviation } = activeProfile ?? {};
  return { id: station, ...it.station, announced: announced?.lowered === true, ...(deviation && { deviation: deviation.how }) };
}

/** What the session shows of the car, in the words of the domain. */
function measuredOf(stored: AnySession): Measured {
  const { power, current, state_of_charge: charge, charging, suspended_by: suspendedBy } = viewMeasured(stored);
  const at = stored.progress?.drawn?.at;
  const isAbove = stored.limitUnknownSince === undefined && stored.progress?.judged?.above !== undefined;
  return {
    ...(power !== undefined && { power }),
    ...(current !== undefined && { current }),
    ...(at !== undefined && power !== undefined && { at: toSeconds(at) }),
    ...(charge !== undefined && { charge }),
    ...(charging !== undefined && { charging }),
    ...(suspendedBy && { suspendedBy }),
    ...(isAbove && { aboveLimit: true as const }),
  };
}
