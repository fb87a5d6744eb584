import type { AlarmFacts } from '../../domain/alarm/facts.ts';
import { stationId } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import { epochMillis } from '../../domain/units.ts';
import type { StationServer } from '../../ocpp/server.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { sessionFaults } from '../../roles/cpo/session-faults.ts';
import { healthOf } from '../../roles/cpo/station-health.ts';
import { contractsEnding, unknownLimitSessions } from '../../store/sql/alarm.ts';
import { waitingClaims } from '../../store/sql/claim.ts';
import { newestSecurity } from '../../store/sql/event.ts';
import { alarmedSessions, uncertainInputs } from '../../store/sql/session-figures.ts';
import { countTokenClaims, tokenClaims } from '../../store/sql/token-claim.ts';
import type { Context } from '../core/context.ts';
import type { SecurityEvent, SecurityKind } from '../core/security-event.ts';
import type { HeardStations } from '../cpo/heard-stations.ts';
import type { LimitRefusals } from '../cpo/limit-refusals.ts';
import { allStationCsms, type StationCsms } from '../gateway/csms-view.ts';
import type { SiteLimits } from '../sites/site-limits.ts';
import type { RecentFaults } from './recent-faults.ts';

/** What a look reads from other parts of the node. */
export interface FactSources {
  /** Absent: the node has no charge points. */
  cpo: { heard: HeardStations; refusedLimits: LimitRefusals; limits: SiteLimits; stations: { server?: Pick<StationServer, 'csmsOf'> } } | undefined;
  faults: RecentFaults;
}

/** Sessions, claims and contracts that one look reads at most. */
export const MOST_READ = 500;
const HOUR_MS = 3_600_000;
/** A contract that ends within this time is an alarm. */
const SOON_MS = 7 * 24 * HOUR_MS;
/** Without another one, a security event is an alarm for this time. */
const SECURITY_MS = HOUR_MS;
const MOST_SECURITY = 200;
/** Events that follow from an act of the operator, and those that have an alarm of their own kind. */
const NO_ALARM: ReadonlySet<SecurityKind> = new Set(['party-halted', 'rights-lapsed', 'party-claimed', 'token-claimed']);

/** Reads what may need a person. The cost follows what runs and what waits, not what ever was. */
export async function readFacts(context: Context, { cpo, faults }: FactSources): Promise<AlarmFacts> {
  const { store, clock, health } = context;
  const now = clock.now();
  const [sessions, inputs, unknown, counts, claims, contracts, security, problems] = await Promise.all([
    store.all(alarmedSessions<OwnSession, Progress>(MOST_READ)),
    store.all(uncertainInputs(MOST_READ)),
    store.all(unknownLimitSessions(MOST_READ)),
    store.all(countTokenClaims),
    store.all(waitingClaims(MOST_READ)),
    store.all(contractsEnding({ from: now, to: epochMillis(now + SOON_MS), limit: MOST_READ })),
    readSecurity(context),
    health.look(),
  ]);
  const [first] = counts.some(({ count }) => count === 1) ? await store.all(tokenClaims({ before: Number.MAX_SAFE_INTEGER, limit: 1 })) : [];
  await forgetEndedPeers(context, faults);
  const csms = allStationCsms(context.config, cpo?.stations.server);
  return {
    sessions: sessions.flatMap((it) => sessionFaults(it, now)),
    unknownLimits: [...unknown, ...inputs.filter(({ session }) => !unknown.some((it) => it.session === session))],
    sites: cpo?.limits.findings.exceeded() ?? [],
    silentMeters: cpo?.limits.meters.silent() ?? [],
    ...csmsFaults(csms),
    stations: stationFaults(context, cpo, csms),
    undelivered: faults.undelivered(),
    failing: context.contacts.failing(),
    tokens: counts.map((it) => ({ ...it, claim: first?.party === it.party ? first.seq : undefined })),
    roles: claims.map(({ peer, role, claimedAt }) => ({ peer, role: role.role, party: keyOf(role), at: claimedAt })),
    contracts,
    security,
    errors: faults.errors(),
    problems,
    now,
  };
}

/** Charge points that were connected once, and are away or refuse limits; all from memory. */
function stationFaults({ config }: Pick<Context, 'config'>, cpo: FactSources['cpo'], csms: readonly StationCsms[]): AlarmFacts['stations'] {
  if (!cpo) return [];
  const away = new Map(csms.flatMap((it) => (it.state === 'away' ? [[it.station, it.host] as const] : [])));
  return config.charge_points.flatMap((point) => {
    const station = stationId(point.id);
    const [heard, refusals] = [cpo.heard.of(station), cpo.refusedLimits.of(station)];
    const { state } = healthOf({ known: heard !== undefined, online: heard?.online ?? false, smartCharging: undefined, refusals });
    if (state !== 'away' && state !== 'refuses-limits') return [];
    const csmsAway = away.get(station);
    return [{ station, state, ...(csmsAway !== undefined && { csmsAway }), ...(refusals && { refused: { count: refusals.count, answer: refusals.answer } }) }];
  });
}

/** This part of the places for kept messages is for all messages; the rest is for starts and ends of transactions. */
const ORDINARY_PART = 0.9;

function csmsFaults(csms: readonly StationCsms[]): Pick<AlarmFacts, 'csmsAway' | 'keptFull'> {
  const away = Map.groupBy(
    csms.filter(({ state }) => state === 'away'),
    ({ host }) => host,
  );
  const full = csms.filter(({ kept, mostKept }) => kept >= Math.floor(mostKept * ORDINARY_PART));
  return {
    csmsAway: [...away].map(([host, { length }]) => ({ csms: host, stations: length })),
    keptFull: full.map(({ station, host, kept, mostKept }) => ({ station: stationId(station), csms: host, kept, most: mostKept })),
  };
}

/** The security events of the last hour, by kind, peer and party. */
async function readSecurity({ store, clock }: Pick<Context, 'store' | 'clock'>): Promise<AlarmFacts['security']> {
  const since = clock.now() - SECURITY_MS;
  const events = (await store.all(newestSecurity(MOST_SECURITY))).filter(({ at }) => at > since);
  const groups = Map.groupBy(
    events.map(({ at, body }) => ({ at: epochMillis(at), event: JSON.parse(body) satisfies SecurityEvent as SecurityEvent })),
    ({ event: { kind, peer, party } }) => `${kind} ${peer ?? ''} ${party ?? ''}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [newest, oldest] = [group[0], group.at(-1)];
    if (!newest || !oldest || NO_ALARM.has(newest.event.kind)) return [];
    const { kind, peer, party, says } = newest.event;
    return [{ kind, peer, party, says, count: group.length, first: oldest.at, last: newest.at }];
  });
}

/** A peer that is not registered any more has no faults. */
async function forgetEndedPeers({ peers, contacts }: Context, faults: RecentFaults): Promise<void> {
  for (const { peer } of [...contacts.failing(), ...faults.undelivered()]) {
    if ((await peers.find(peer))?.status === 'REGISTERED') continue;
    contacts.forget(peer);
    faults.forget(peer);
  }
}
