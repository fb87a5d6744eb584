import { type LocationKey, type SessionKey, type StationId, stationId } from '../../domain/ids.ts';
import type { ChargingNeeds, NeedsAnswer } from '../../domain/station.ts';
import type { StationServer } from '../../ocpp/server.ts';
import type { Station } from '../../ocpp/station.ts';
import { isOver } from '../../roles/cpo/session.ts';
import type { StoredExchange } from '../../store/sql/exchange.ts';
import { createEvseDirectory, type EvseDirectory } from '../config/evse-directory.ts';
import { sitesOf } from '../config/read-sites.ts';
import type { Context } from '../core/context.ts';
import { AnnouncedLimits } from '../cpo/announced-limits.ts';
import { createChargingNeeds } from '../cpo/answer-charging-needs.ts';
import { ProfileRequests } from '../cpo/answer-profile-request.ts';
import { HeardStations } from '../cpo/heard-stations.ts';
import { LimitRefusals } from '../cpo/limit-refusals.ts';
import { LoadHistory } from '../cpo/load-history.ts';
import { OwnLocations } from '../cpo/own-locations.ts';
import { OwnPreferences } from '../cpo/own-preferences.ts';
import { OwnSessions, type SessionListeners } from '../cpo/own-sessions.ts';
import { ActiveProfilePushes } from '../cpo/push-active-profile.ts';
import { LocationPushes } from '../cpo/push-location.ts';
import type { ActiveProfileDependencies } from '../cpo/read-active-profile.ts';
import { createEffectRunner } from '../cpo/run-effect.ts';
import { StationDispatcher } from '../cpo/station-dispatch.ts';
import type { RefusedRequests } from '../exchanges/refused-requests.ts';
import { CsmsProfiles } from '../gateway/csms-profiles.ts';
import { Shadow } from '../gateway/shadow.ts';
import { keepSiteEvidence } from '../sites/site-evidence.ts';
import { SiteLimits, type SiteLimitsDependencies } from '../sites/site-limits.ts';
import type { TokenAuthorizer } from '../tokens/token-authorizer.ts';
import type { SharedServices } from './shared-services.ts';

/** The parts of a CPO: charge points on one side, peers on the other. */
export interface Cpo {
  requests: ProfileRequests;
  sessions: OwnSessions;
  limits: SiteLimits;
  csmsProfiles: CsmsProfiles;
  shadow: Shadow;
  load: LoadHistory;
  locations: OwnLocations;
  preferences: OwnPreferences;
  locationPushes: LocationPushes;
  dispatcher: StationDispatcher;
  activeProfiles: ActiveProfilePushes;
  announced: AnnouncedLimits;
  heard: HeardStations;
  refusedLimits: LimitRefusals;
  chargingNeeds(station: StationId, needs: ChargingNeeds): Promise<NeedsAnswer>;
  evses: EvseDirectory;
  tokenAuthorizer: TokenAuthorizer;
  /** `server` is set when the node listens for charge points. */
  stations: { server?: StationServer };
}

/** Creates the parts of a CPO and connects them. */
export function composeCpo(
  context: Context,
  { deliveries, sessionPushes, preferenceForwards, agreements, rateLimits, refusals }: SharedServices,
  tokenAuthorizer: TokenAuthorizer,
): Cpo {
  const evses = createEvseDirectory(context.config);
  const stations: Cpo['stations'] = {};
  const { csmsProfiles, stationOf } = composeStations(context, { evses, stations, reread: (key) => activeProfiles.reread(key) });
  const deliver = (exchange: StoredExchange) => deliveries.deliver(exchange);
  const { announced, load } = composeReports(context, evses);
  const reread = (key: SessionKey) => activeProfiles.reread(key);
  const sites = sitesOf(context.config);
  keepSiteEvidence(context, sites);
  const shadow = new Shadow(context, evses);
  const isSteeredByCsms: SiteLimitsDependencies['isSteeredByCsms'] = (session, evse) => csmsProfiles.isSteered(session, evse);
  const limits = new SiteLimits(context, { evses, sites }, { stationOf, reread, isSteeredByCsms, shadow });
  const besideCsms: ActiveProfileDependencies['besideCsms'] = (id, profile, at) => csmsProfiles.expected(id, profile, at);
  const reading = { evses, stationOf, announced, besideCsms, limitsAt: (uid: string) => limits.confirmedLimit(uid) };
  const activeProfiles = new ActiveProfilePushes(context, reading);
  const chargingNeeds = createChargingNeeds(context, { ...reading, reread });
  const inputsChanged = (key: SessionKey) => context.work.start(`limits of ${key}`, () => limits.inputsChanged(key));
  const run = createEffectRunner(context, { deliver, reread, inputsChanged });
  const compute: ActiveProfilePushes['compute'] = (key, duration) => activeProfiles.compute(key, duration);
  const complete: ActiveProfilePushes['complete'] = (key, active, duration) => activeProfiles.complete(key, active, duration);
  const notSent: Shadow['notSent'] = (exchange, request) => shadow.notSent(exchange, request);
  const dispatcher = new StationDispatcher(context, evses, { stationOf, agreements, limits, run, deliver, compute, complete, notSent });
  const { locations, locationPushes, preferences } = composeLocations(context, { evses, preferenceForwards, rateLimits, limits });
  const listeners = sessionListeners({ sessionPushes, locations, activeProfiles, limits, load, csmsProfiles, shadow });
  const sessions = new OwnSessions(context, { evses, book: tokenAuthorizer, siteWatts: (uid) => limits.wattsAt(uid) }, { ...listeners, deliver, reread });
  const dispatch: StationDispatcher['dispatch'] = (it) => dispatcher.dispatch(it);
  const noted = bothNote(refusals, shadow);
  return {
    requests: new ProfileRequests(context, { evses, rateLimits, agreements, refusals: noted, stationOf, dispatch, deliver }),
    sessions,
    limits,
    csmsProfiles,
    shadow,
    load,
    locations,
    preferences,
    locationPushes,
    dispatcher,
    activeProfiles,
    announced,
    ...composeHealth(context, { evses, stationOf }),
    chargingNeeds,
    evses,
    tokenAuthorizer,
    stations,
  };
}

/** The connected charge points, each beside the profiles of its CSMS. */
function composeStations(
  context: Context,
  { evses, stations, reread }: Pick<Cpo, 'evses' | 'stations'> & { reread(session: SessionKey): void },
): Pick<Cpo, 'csmsProfiles'> & { stationOf(id: StationId): Station | undefined } {
  const connectionOf = (id: StationId) => stations.server?.station(id);
  const csmsProfiles = new CsmsProfiles(context, { evses, stationOf: connectionOf, reread });
  const stationOf = (id: StationId) => {
    const connection = connectionOf(id);
    return connection && csmsProfiles.beside(connection);
  };
  return { csmsProfiles, stationOf };
}

/** What charge points report of their load, and of limits of others. */
function composeReports({ metrics }: Context, evses: EvseDirectory): Pick<Cpo, 'announced' | 'load'> {
  const announced = new AnnouncedLimits();
  const load = new LoadHistory(evses);
  metrics.keep('transactions with a load', () => load.size());
  metrics.keep('announced limits', () => announced.size());
  return { announced, load };
}
/** What follows the sessions of our charge points. */
const sessionListeners = ({
  sessionPushes,
  locations,
  activeProfiles,
  limits,
  load,
  csmsProfiles,
  shadow,
}: Pick<SharedServices, 'sessionPushes'> & Pick<Cpo, 'locations' | 'activeProfiles' | 'limits' | 'load' | 'csmsProfiles' | 'shadow'>): Omit<
  SessionListeners,
  'deliver' | 'reread'
> => ({
  changed: (key, { station, wire }) => {
    sessionPushes.changed(key);
    locations.sessionChanged(station, wire);
    if (isOver(wire)) activeProfiles.sessionEnded(key, station);
  },
  recovered: (station, session) => load.resume(station, session),
  transaction: (station, event) => {
    limits.receive(station, event);
    load.receive(station, event);
    csmsProfiles.transaction(station, event);
    shadow.transaction(station, event);
  },
});

/** Refused requests are kept, and counted in the shadow. */
const bothNote = (refusals: RefusedRequests, shadow: Shadow): Pick<RefusedRequests, 'note'> => ({
  note: (refused) => {
    refusals.note(refused);
    shadow.refused(refused.station);
  },
});

/** What is known of how charge points are: when they were heard, and whether they refuse limits. */
const composeHealth = (
  context: Context,
  { evses, stationOf }: { evses: EvseDirectory; stationOf(id: StationId): Station | undefined },
): Pick<Cpo, 'heard' | 'refusedLimits'> => ({
  heard: new HeardStations(context, { stationOf, stations: () => context.config.charge_points.map(({ id }) => stationId(id)) }),
  refusedLimits: new LimitRefusals(context, evses),
});

type LocationDependencies = Pick<SharedServices, 'preferenceForwards' | 'rateLimits'> & Pick<Cpo, 'evses' | 'limits'>;

/** The locations and the charging preferences of drivers, which depend on each other: a location says where preferences are supported. */
function composeLocations(
  context: Context,
  { evses, preferenceForwards, rateLimits, limits }: LocationDependencies,
): Pick<Cpo, 'locations' | 'locationPushes' | 'preferences'> {
  const locationPushes = new LocationPushes(context);
  const preferences = new OwnPreferences(context, {
    evses,
    forwards: preferenceForwards,
    rateLimits,
    capabilityChanged: (uid) => locations.preferencesChanged(uid),
    accepted: (uid, type) => limits.preferencesAccepted(uid, type),
  });
  const listeners = { changed: (key: LocationKey) => locationPushes.changed(key), preferencesCapable: preferences.capable };
  const locations: OwnLocations = new OwnLocations(context, evses, listeners);
  return { locations, locationPushes, preferences };
}
