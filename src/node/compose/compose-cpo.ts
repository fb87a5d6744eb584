import type { LocationKey, SessionKey, StationId } from '../../domain/ids.ts';
import type { ChargingNeeds, NeedsAnswer } from '../../domain/station.ts';
import type { StationServer } from '../../ocpp/server.ts';
import type { StoredExchange } from '../../store/sql/exchange.ts';
import { createPlaces, type Places } from '../config/evse-directory.ts';
import { sitesOf } from '../config/read-sites.ts';
import type { Ground } from '../core/context.ts';
import { AnnouncedLimits } from '../cpo/announced-limits.ts';
import { createNeedsDesk } from '../cpo/answer-charging-needs.ts';
import { ProfileDesk } from '../cpo/answer-profile-request.ts';
import { LoadHistory } from '../cpo/load-history.ts';
import { OwnLocations } from '../cpo/own-locations.ts';
import { OwnPreferences } from '../cpo/own-preferences.ts';
import { OwnSessions } from '../cpo/own-sessions.ts';
import { ActiveProfilePushes } from '../cpo/push-active-profile.ts';
import { LocationPushes } from '../cpo/push-location.ts';
import { createRunner } from '../cpo/run-effect.ts';
import { Carrier } from '../cpo/station-dispatch.ts';
import { EvseLimits } from '../sites/site-limits.ts';
import type { TokenBook } from '../tokens/token-book.ts';
import type { Footing } from './shared-services.ts';

/** A CPO: charge points on one side, peers on the other. */
export interface Cpo {
  desk: ProfileDesk;
  sessions: OwnSessions;
  limits: EvseLimits;
  load: LoadHistory;
  locations: OwnLocations;
  preferences: OwnPreferences;
  locationPushes: LocationPushes;
  carrier: Carrier;
  activeProfiles: ActiveProfilePushes;
  announced: AnnouncedLimits;
  chargingNeeds(station: StationId, needs: ChargingNeeds): Promise<NeedsAnswer>;
  places: Places;
  book: TokenBook;
  /** Filled in when the charge points are listened to. */
  stations: { server?: StationServer };
  /** What follows the connections of charge points hears no more of them. */
  stop(): void;
}

export function composeCpo(ground: Ground, { deliveries, pushes, passes, agreements, allowances }: Footing, book: TokenBook): Cpo {
  const places = createPlaces(ground.config);
  const stations: Cpo['stations'] = {};
  const stationOf = (id: StationId) => stations.server?.station(id);
  const deliver = (exchange: StoredExchange) => deliveries.deliver(exchange);
  const announced = new AnnouncedLimits();
  const load = new LoadHistory(places);
  const reread = (key: SessionKey) => activeProfiles.reread(key);
  const limits = new EvseLimits(ground, { places, sites: sitesOf(ground.config) }, { stationOf, reread });
  const reading = { places, stationOf, announced, limitsAt: (uid: string) => limits.at(uid) };
  const activeProfiles = new ActiveProfilePushes(ground, reading);
  const chargingNeeds = createNeedsDesk(ground, { ...reading, reread });
  const inputsChanged = (key: SessionKey) => void limits.inputsChanged(key).catch((error) => ground.complain(`limits of ${key}`, error));
  const run = createRunner(ground, { deliver, reread, inputsChanged });
  const { sharing, isHalted } = agreements;
  const compute: ActiveProfilePushes['compute'] = (key, duration) => activeProfiles.compute(key, duration);
  const carrier = new Carrier(ground, places, { stationOf, sharing, limits, run, deliver, compute });
  const { locations, locationPushes, preferences } = composeLocations(ground, { places, passes, allowances, limits });
  const sessions = new OwnSessions(
    ground,
    { places, book },
    {
      changed: (key, { station, wire }) => {
        pushes.changed(key);
        locations.sessionChanged(station, wire);
      },
      deliver,
      reread,
    },
  );
  const carry: Carrier['carry'] = (carriage) => carrier.carry(carriage);
  const desk = new ProfileDesk(ground, { places, allowances, sharing, isHalted, stationOf, carry, deliver });
  const stop = () => {
    for (const it of [locations, locationPushes, limits]) it.stop();
  };
  return {
    desk,
    sessions,
    limits,
    load,
    locations,
    preferences,
    locationPushes,
    carrier,
    activeProfiles,
    announced,
    chargingNeeds,
    places,
    book,
    stations,
    stop,
  };
}

type Parts = Pick<Footing, 'passes' | 'allowances'> & Pick<Cpo, 'places' | 'limits'>;

/** Where charge points are and what can be done there: wishes of drivers are followed at some. */
function composeLocations(ground: Ground, { places, passes, allowances, limits }: Parts): Pick<Cpo, 'locations' | 'locationPushes' | 'preferences'> {
  const locationPushes = new LocationPushes(ground);
  const preferences = new OwnPreferences(ground, {
    places,
    passes,
    allowances,
    changed: (uid) => locations.preferencesChanged(uid),
    accepted: (uid, type) => limits.preferred(uid, type),
  });
  const followers = { changed: (key: LocationKey) => locationPushes.changed(key), preferencesCapable: preferences.capable };
  const locations: OwnLocations = new OwnLocations(ground, places, followers);
  return { locations, locationPushes, preferences };
}
