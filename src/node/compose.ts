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
import { ForeignSessions } from './foreign-sessions.ts';
import type { Ground } from './ground.ts';
import { outcomeEvent, tellOutcome } from './outcome.ts';
import { OwnSessions } from './own-sessions.ts';
import { createPlaces, type Places } from './places.ts';
import { PlannedSessions } from './plan-sessions.ts';
import { postResult } from './post-result.ts';
import { createSessionPulls } from './pull-sessions.ts';
import { ActiveProfilePushes } from './push-active-profile.ts';
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
  activeProfiles: ActiveProfilePushes;
  places: Places;
  /** Filled in when the charge points are listened to. */
  stations: { server?: StationServer };
}

/** An eMSP: its customers' sessions, and what it asks of CPOs. */
export interface Emsp {
  sessions: ForeignSessions;
  sender: Sender;
  doubt(peer: PeerId): void;
  pullAll(): Promise<void>;
  pullNew(): Promise<void>;
  pull(peer: PeerId): void;
}

/** The roles that a node plays, each put together from its parts; none knows another. */
export interface Roles {
  registration: Registration;
  cpo: Cpo | undefined;
  emsp: Emsp | undefined;
  /** An SCSP with sites to plan for. */
  scsp: PlannedSessions | undefined;
  chores: Chores;
  /** Takes up what an earlier run left open. */
  recover(): Promise<void>;
}

export function compose(ground: Ground): Roles {
  const plays = (role: string) => ground.config.parties.some((it) => it.role === role);
  const cpo = plays('CPO') ? composeCpo(ground) : undefined;
  const emsp = plays('EMSP') || plays('SCSP') ? composeEmsp(ground) : undefined;
  const scsp = plays('SCSP') && emsp ? composeScsp(ground, emsp) : undefined;
  const registration = new Registration(ground, { gone: (peer) => farewell(ground, cpo?.desk, peer), arrived: (peer) => emsp?.pull(peer) });
  const month = 28 * 86_400_000;
  return {
    registration,
    cpo,
    emsp,
    scsp,
    chores: {
      retryPushes: async () => cpo?.pushes.retry(),
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
  const sessions = new OwnSessions(ground, places, { changed: (key) => pushes.changed(key), deliver, reread: (key) => activeProfiles.reread(key) });
  const desk = new ProfileDesk(ground, {
    places,
    stationOf,
    carry: (carriage: Carriage) => carrier.carry(carriage),
    deliver,
  });
  return { desk, sessions, carrier, deliveries, pushes, activeProfiles, places, stations };
}

function composeEmsp(ground: Ground): Emsp {
  const sessions = new ForeignSessions(ground, (peer) => pulls.doubt(peer));
  const pulls = createSessionPulls(ground, sessions);
  return { sessions, sender: new Sender(ground), doubt: pulls.doubt, pullAll: pulls.pullAll, pullNew: pulls.pullNew, pull: pulls.pull };
}

/** What is known of an EVSE is in the Locations module; where nothing is, the worse case is planned for. */
function composeScsp(ground: Ground, { sender, pull }: Emsp): PlannedSessions | undefined {
  const { planner } = ground.config;
  return planner && new PlannedSessions(ground, planner, { sender, pull, evseOf: async () => undefined });
}
