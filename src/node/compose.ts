import { Deliveries } from '../delivery/deliver-result.ts';
import type { PeerId, StationId } from '../domain/ids.ts';
import type { StationServer } from '../ocpp/server.ts';
import type { StoredExchange } from '../store/sql/exchange.ts';
import { departedPeers } from '../store/sql/peer.ts';
import { ProfileDesk } from './answer-profile-request.ts';
import { type Carriage, Carrier } from './carry.ts';
import type { Chores } from './chores.ts';
import { endOverdue } from './end-overdue.ts';
import { farewell } from './farewell.ts';
import { ForeignLocations } from './foreign-locations.ts';
import { ForeignSessions } from './foreign-sessions.ts';
import type { Ground } from './ground.ts';
import { outcomeEvent, tellOutcome } from './outcome.ts';
import { OwnLocations } from './own-locations.ts';
import { OwnSessions } from './own-sessions.ts';
import { createPlaces, type Places } from './places.ts';
import { postResult } from './post-result.ts';
import { createLocationPulls } from './pull-locations.ts';
import { createSessionPulls } from './pull-sessions.ts';
import { ActiveProfilePushes } from './push-active-profile.ts';
import { LocationPushes } from './push-location.ts';
import { SessionPushes } from './push-session.ts';
import { Registration } from './registration.ts';
import { createRunner } from './run-effect.ts';
import { Sender } from './send.ts';

/** A CPO: charge points on one side, peers on the other. */
export interface Cpo {
  desk: ProfileDesk;
  sessions: OwnSessions;
  carrier: Carrier;
  deliveries: Deliveries;
  pushes: SessionPushes;
  locations: OwnLocations;
  locationPushes: LocationPushes;
  activeProfiles: ActiveProfilePushes;
  places: Places;
  /** Filled in when the charge points are listened to. */
  stations: { server?: StationServer };
}

/** An eMSP: its customers' sessions, and what it asks of CPOs. */
export interface Emsp {
  sessions: ForeignSessions;
  locations: ForeignLocations;
  sender: Sender;
  pullAll(): Promise<void>;
  pullNew(): Promise<void>;
  pull(peer: PeerId): void;
}

/** The roles that a node plays, each put together from its parts; none knows another. */
export interface Roles {
  registration: Registration;
  cpo: Cpo | undefined;
  emsp: Emsp | undefined;
  chores: Chores;
  /** Takes up what an earlier run left open. */
  recover(): Promise<void>;
}

export function compose(ground: Ground): Roles {
  const plays = (role: string) => ground.config.parties.some((it) => it.role === role);
  const cpo = plays('CPO') ? composeCpo(ground) : undefined;
  const emsp = plays('EMSP') || plays('SCSP') ? composeEmsp(ground) : undefined;
  const registration = new Registration(ground, { gone: (peer) => farewell(ground, cpo?.desk, peer), arrived: (peer) => emsp?.pull(peer) });
  const month = 28 * 86_400_000;
  return {
    registration,
    cpo,
    emsp,
    chores: {
      retryPushes: async () => {
        await cpo?.pushes.retry();
        await cpo?.locationPushes.retry();
      },
      refreshActiveProfiles: async () => cpo?.activeProfiles.refresh(),
      pullSessions: async () => emsp?.pullAll(),
      endOverdue: () => endOverdue(ground),
      meetPeers: async () => {
        for (const peer of await ground.store.all(departedPeers)) await farewell(ground, cpo?.desk, peer);
        await emsp?.pullNew();
      },
      renewTokens: async () => {
        for (const peer of await ground.peers.all()) {
          const old = peer.status === 'REGISTERED' && peer.registeredAt !== undefined && ground.clock.now() - peer.registeredAt > month;
          const renewed = old ? await registration.rotate(peer.id) : undefined;
          if (renewed && !renewed.ok) ground.complain(`token renewal with ${peer.id}`, renewed.problem);
        }
      },
    },
    recover: async () => {
      await cpo?.locations.open();
      await cpo?.locationPushes.open();
      await cpo?.carrier.recover();
      await emsp?.sender.recover();
    },
  };
}

function composeCpo(ground: Ground): Cpo {
  const places = createPlaces(ground.config);
  const stations: Cpo['stations'] = {};
  const stationOf = (id: StationId) => stations.server?.station(id);
  const deliveries = new Deliveries({
    store: ground.store,
    clock: ground.clock,
    post: (exchange, withinMs) => postResult(ground, exchange, withinMs),
    alongside: (exchange, at, end) => outcomeEvent(exchange, at, { reason: undefined, ...end, result: exchange.result }),
    ended: (exchange) => tellOutcome(ground, exchange),
    complain: ground.complain,
  });
  const deliver = (exchange: StoredExchange) => deliveries.deliver(exchange);
  const activeProfiles = new ActiveProfilePushes(ground, places, stationOf);
  const run = createRunner(ground, {
    deliver,
    reread: (key) => activeProfiles.reread(key),
  });
  const carrier = new Carrier(ground, places, { stationOf, run, deliver });
  const pushes = new SessionPushes(ground);
  const locationPushes = new LocationPushes(ground);
  const locations = new OwnLocations(ground, places, { changed: (key) => locationPushes.changed(key), preferencesCapable: () => false });
  const sessions = new OwnSessions(ground, places, {
    changed: (key, { station, wire }) => {
      pushes.changed(key);
      locations.sessionChanged(station, wire);
    },
    deliver,
    reread: (key) => activeProfiles.reread(key),
  });
  const desk = new ProfileDesk(ground, {
    places,
    stationOf,
    carry: (carriage: Carriage) => carrier.carry(carriage),
    deliver,
  });
  return { desk, sessions, carrier, deliveries, pushes, locations, locationPushes, activeProfiles, places, stations };
}

function composeEmsp(ground: Ground): Emsp {
  const sessions = new ForeignSessions(ground, (peer) => sessionPulls.doubt(peer));
  const locations = new ForeignLocations(ground, (peer) => locationPulls.doubt(peer));
  const sessionPulls = createSessionPulls(ground, sessions);
  const locationPulls = createLocationPulls(ground, locations);
  const pulls = [sessionPulls, locationPulls];
  return {
    sessions,
    locations,
    sender: new Sender(ground),
    pullAll: async () => {
      for (const it of pulls) await it.pullAll();
    },
    pullNew: async () => {
      for (const it of pulls) await it.pullNew();
    },
    pull: (peer) => {
      for (const it of pulls) it.pull(peer);
    },
  };
}
