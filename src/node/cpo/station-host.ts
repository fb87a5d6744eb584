import type { MessageId, SessionKey, StationId } from '../../domain/ids.ts';
import type { ChargingNeeds, IdToken, KnownAbilities, NeedsAnswer, StationAnswer } from '../../domain/station.ts';
import type { Station, StationHost, StationRequest } from '../../ocpp/station.ts';
import { isCard } from '../../roles/cpo/authorize-token.ts';
import type { OwnSession, Progress } from '../../roles/cpo/session.ts';
import { runningAt } from '../../store/sql/session.ts';
import { describeStation, recordAbilities } from '../../store/sql/station.ts';
import type { EvseDirectory } from '../config/evse-directory.ts';
import type { Context } from '../core/context.ts';
import type { SiteLimits } from '../sites/site-limits.ts';
import type { ShownAt, TokenAuthorizer } from '../tokens/token-authorizer.ts';
import type { AnnouncedLimits } from './announced-limits.ts';
import type { HeardStations } from './heard-stations.ts';
import type { OwnLocations } from './own-locations.ts';
import { type OwnSessions, startMark } from './own-sessions.ts';
import { createStationPresence } from './station-presence.ts';

/** Called when a charge point connects or sends something. */
export interface StationListeners {
  stationConnected(station: StationId): void;
  /** An answer to a call that its connection does not wait for any more. */
  lateAnswer(station: StationId, message: MessageId, read: (request: StationRequest) => StationAnswer): Promise<void>;
  /** The active profile of the session may have changed. */
  reread(session: SessionKey): void;
  /** The charge point of the session booted, and may have lost its profile. */
  rebooted(session: SessionKey): Promise<void>;
  chargingNeeds(station: StationId, needs: ChargingNeeds): Promise<NeedsAnswer>;
}

/** The parts of the node that receive events of charge points. */
export interface StationHostDependencies {
  evses: EvseDirectory;
  book: TokenAuthorizer;
  sessions: OwnSessions;
  locations: OwnLocations;
  limits: SiteLimits;
  announced: AnnouncedLimits;
  heard: HeardStations;
  listeners: StationListeners;
}

/** The node's interface for charge points: records connections, and distributes events to sessions, locations and limits. */
export function createStationHost(
  context: Context,
  { evses, book, sessions, locations, limits, announced, heard, listeners }: StationHostDependencies,
): StationHost {
  const { store, journal } = context;
  const presence = createStationPresence(context, { recorded: (id) => locations.stationChanged(id) });
  const running = (station: StationId) => store.all(runningAt<OwnSession, Progress>(station));
  const at = placeFinder(evses);

  async function limitChanged(station: StationId, evseId: number | undefined): Promise<void> {
    const uid = evseId === undefined ? undefined : evses.byEvseId(station, evseId)?.evse.uid;
    for (const session of await running(station)) if (uid === undefined || session.evseUid === uid) listeners.reread(session.key);
  }

  return awaited(context, {
    connected: async (station) => {
      if (!(await presence.connected(station))) return;
      journal.note({ step: 'station-connected', station: station.id, version: station.version, epoch: station.epoch });
      // The server starts to send on the connection after this function has returned.
      setImmediate(() => listeners.stationConnected(station.id));
    },
    disconnected: (station) => {
      heard.disconnected({ id: station.id, heardAt: station.heardAt() });
      if (!presence.disconnected(station)) return;
      journal.note({ step: 'station-disconnected', station: station.id });
      limits.stationIsGone(station.id);
    },
    received: async (station, event) => {
      switch (event.kind) {
        case 'booted':
          await store.commit([describeStation(station.id, { vendor: event.vendor, model: event.model, firmware: event.firmware })]);
          for (const { key } of await running(station.id)) await listeners.rebooted(key);
          return undefined;
        case 'abilities-learnt':
          await store.commit([recordAbilities<KnownAbilities>(station.id, { ...event.abilities, ...(event.findings && { findings: event.findings }) })]);
          return locations.stationChanged(station.id);
        case 'status':
          await sessions.receiveStatus(station.id, event);
          return locations.receiveStatus(station.id, event);
        case 'limit-changed':
          announced.note(station.id, event);
          return limitChanged(station.id, event.evseId);
        case 'transaction-started':
          announced.carChanged(station.id, event.evseId);
          return sessions.receive(station.id, event);
        case 'transaction-updated':
        case 'transaction-ended':
          return sessions.receive(station.id, event);
        default:
          return event satisfies never;
      }
    },
    chargingNeeds: (station, needs) => listeners.chargingNeeds(station.id, needs),
    ...cardHandlers(context, { book, sessions, locations, at }),
    lateAnswer: (station, message, read) => listeners.lateAnswer(station.id, message, read),
  });
}

interface CardDependencies extends Pick<StationHostDependencies, 'book' | 'sessions' | 'locations'> {
  at(station: StationId, evseId?: number): ShownAt;
}

/** What a charge point asks about cards. */
function cardHandlers(context: Context, { book, sessions, locations, at }: CardDependencies): Pick<StationHost, 'authorize' | 'startTransaction'> {
  /** A driver waits for the decision on the card, so the location follows later. */
  const noteReader = (station: StationId, idToken: IdToken) => {
    if (isCard(idToken)) context.work.start(`card reader of ${station}`, () => locations.cardRead(station));
  };
  return {
    authorize: (station, idToken, evseId) => {
      noteReader(station.id, idToken);
      return book.decide(idToken, at(station.id, evseId));
    },
    startTransaction: async (station, { connectorId, idTag, at: since }) => {
      const card = { uid: idTag, type: 'RFID' };
      noteReader(station.id, card);
      const transactionId = await sessions.numberTransaction(station.id, startMark({ evseId: connectorId, at: since, idToken: card }));
      return { transactionId, decision: await book.decide(card, at(station.id, connectorId)) };
    },
  };
}

/** Where a card is presented: the EVSE that the message names, or every EVSE of the charge point. */
const placeFinder =
  (evses: EvseDirectory) =>
  (station: StationId, evseId = 0) => {
    const named = evses.atEvse(station, evseId);
    const possible = named ? [named] : evses.ofStation(station);
    const place = { station, cpo: evses.cpoOf(station), locationId: evses.locationOf(station) };
    return { ...place, evseUids: possible.map(({ evse }) => evse.uid), isEvseKnown: named !== undefined };
  };

/** The same host, and the stop waits for every message that it handles. */
function awaited({ work }: Pick<Context, 'work'>, host: StationHost): StationHost {
  const run =
    <A extends readonly unknown[], R>(what: string, handle: (station: Station, ...message: A) => Promise<R>) =>
    (station: Station, ...message: A) =>
      work.run(`${what} of ${station.id}`, () => handle(station, ...message));
  return {
    connected: run('connection', host.connected),
    disconnected: host.disconnected,
    received: run('event', host.received),
    authorize: run('token', host.authorize),
    chargingNeeds: run('charging needs', host.chargingNeeds),
    startTransaction: run('transaction', host.startTransaction),
    lateAnswer: run('late answer', host.lateAnswer),
  };
}
