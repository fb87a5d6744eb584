import type { LocationKey, SessionKey, StationId } from '../../domain/ids.ts';
import type { ChargingNeeds, NeedsAnswer } from '../../domain/station.ts';
import type { StationServer } from '../../ocpp/server.ts';
import type { StoredExchange } from '../../store/sql/exchange.ts';
import { createEvseDirectory, type EvseDirectory } from '../config/evse-directory.ts';
import { sitesOf } from '../config/read-sites.ts';
import type { Context } from '../core/context.ts';
import { AnnouncedLimits } from '../cpo/announced-limits.ts';
import { createChargingNeeds } from '../cpo/answer-charging-needs.ts';
import { ProfileRequests } from '../cpo/answer-profile-request.ts';
import { LoadHistory } from '../cpo/load-history.ts';
import { OwnLocations } from '../cpo/own-locations.ts';
import { OwnPreferences } from '../cpo/own-preferences.ts';
import { OwnSessions } from '../cpo/own-sessions.ts';
import { ActiveProfilePushes } from '../cpo/push-active-profile.ts';
import { LocationPushes } from '../cpo/push-location.ts';
import { createEffectRunner } from '../cpo/run-effect.ts';
import { StationDispatcher } from '../cpo/station-dispatch.ts';
import { SiteLimits } from '../sites/site-limits.ts';
import type { TokenAuthorizer } from '../tokens/token-authorizer.ts';
import type { SharedServices } from './shared-services.ts';

/** A CPO: charge points on one side, peers on the other. */
export interface Cpo {
  requests: ProfileRequests;
  sessions: OwnSessions;
  limits: SiteLimits;
  load: LoadHistory;
  locations: OwnLocations;
  preferences: OwnPreferences;
  locationPushes: LocationPushes;
  dispatcher: StationDispatcher;
  activeProfiles: ActiveProfilePushes;
  announced: AnnouncedLimits;
  chargingNeeds(station: StationId, needs: ChargingNeeds): Promise<NeedsAnswer>;
  evses: EvseDirectory;
  tokenAuthorizer: TokenAuthorizer;
  /** Filled in when the charge points are listened to. */
  stations: { server?: StationServer };
  /** What follows the connections of charge points hears no more of them. */
  stop(): void;
}

export function composeCpo(
  context: Context,
  { deliveries, sessionPushes, preferenceForwards, agreements, rateLimits }: SharedServices,
  book: TokenAuthorizer,
): Cpo {
  const places = createEvseDirectory(context.config);
  const stations: Cpo['stations'] = {};
  const stationOf = (id: StationId) => stations.server?.station(id);
  const deliver = (exchange: StoredExchange) => deliveries.deliver(exchange);
  const announced = new AnnouncedLimits();
  const load = new LoadHistory(places);
  const reread = (key: SessionKey) => activeProfiles.reread(key);
  const limits = new SiteLimits(context, { evses: places, sites: sitesOf(context.config) }, { stationOf, reread });
  const reading = { evses: places, stationOf, announced, limitsAt: (uid: string) => limits.confirmedLimit(uid) };
  const activeProfiles = new ActiveProfilePushes(context, reading);
  const chargingNeeds = createChargingNeeds(context, { ...reading, reread });
  const inputsChanged = (key: SessionKey) => void limits.inputsChanged(key).catch((error) => context.reportError(`limits of ${key}`, error));
  const run = createEffectRunner(context, { deliver, reread, inputsChanged });
  const { sharing, isHalted } = agreements;
  const compute: ActiveProfilePushes['compute'] = (key, duration) => activeProfiles.compute(key, duration);
  const carrier = new StationDispatcher(context, places, { stationOf, sharing, limits, run, deliver, compute });
  const { locations, locationPushes, preferences } = composeLocations(context, { evses, preferenceForwards, rateLimits, limits });
  const sessions = new OwnSessions(
    context,
    { evses: places, book },
    {
      changed: (key, { station, wire }) => {
        sessionPushes.changed(key);
        locations.sessionChanged(station, wire);
      },
      deliver,
      reread,
    },
  );
  const dispatch: StationDispatcher['dispatch'] = (exchange) => carrier.dispatch(exchange);
  const desk = new ProfileRequests(context, { evses: places, rateLimits: rateLimits, sharing, isHalted, stationOf, dispatch, deliver });
  const stop = () => {
    for (const it of [locations, locationPushes, limits]) it.stop();
  };
  return {
    requests,
    sessions,
    limits,
    load,
    locations,
    preferences,
    locationPushes,
    dispatcher,
    activeProfiles,
    announced,
    chargingNeeds,
    evses,
    tokenAuthorizer,
    stations,
    stop,
  };
}

type Parts = Pick<SharedServices, 'passes' | 'allowances'> & Pick<Cpo, 'places' | 'limits'>;

/** Where charge points are and what can be done there: wishes of drivers are followed at some. */
function composeLocations(
  context: Context,
  { evses, preferenceForwards, rateLimits, limits }: Parts,
): Pick<Cpo, 'locations' | 'locationPushes' | 'preferences'> {
  const locationPushes = new LocationPushes(context);
  const preferences = new OwnPreferences(context, {
    evses: evses,
    forwards: preferenceForwards,
    rateLimits: rateLimits,
    capabilityChanged: (uid) => locations.preferencesChanged(uid),
    accepted: (uid, type) => limits.preferencesAccepted(uid, type),
  });
  const followers = { changed: (key: LocationKey) => locationPushes.changed(key), preferencesCapable: preferences.capable };
  const locations: OwnLocations = new OwnLocations(context, evses, followers);
  return { locations, locationPushes, preferences };
}
