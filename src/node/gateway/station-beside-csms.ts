import type { SmartChargingMode } from '../../domain/profile/csms-wish.ts';
import type { EpochSeconds } from '../../domain/units.ts';
import type { ClearRequest, LimitRequest, RestoreRequest, SetRequest } from '../../ocpp/dialect.ts';
import type { Order, Station, StationAnswer } from '../../ocpp/station.ts';
import { besideCsms, type OwnProfile, requestFor, type StationProfiles } from './beside-csms.ts';

/** What a station behind a CSMS needs to send requests of the node. */
export interface BesideDependencies {
  mode: SmartChargingMode;
  now(): EpochSeconds;
  profiles(): StationProfiles;
  /** The start of relative profiles of a request. */
  chargingStarted(request: SetRequest | LimitRequest): Promise<EpochSeconds>;
  /** A profile that replaces ours instead of a clear, where the limit of a site would not hold otherwise. */
  guardFor(request: ClearRequest): Promise<SetRequest | undefined>;
  /** Runs one change of profiles after another. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** A profile of ours is at the station, or may be. */
  sent(own: OwnProfile): Promise<void>;
  cleared(own: OwnProfile): Promise<void>;
}

/** A station behind a CSMS: each request that sets or clears a profile takes the profiles of the CSMS into account. */
export function stationBesideCsms(station: Station, dependencies: BesideDependencies): Station {
  return {
    id: station.id,
    version: station.version,
    epoch: station.epoch,
    abilities: () => station.abilities(),
    send: (order) => {
      const { request } = order;
      if (request.kind === 'get-composite-schedule' || request.kind === 'restore-profile') return station.send(order);
      return dependencies.inTurn(() =>
        request.kind === 'clear-charging-profile' ? clear(station, { order, request }, dependencies) : set(station, { order, request }, dependencies),
      );
    },
    askAbilities: () => station.askAbilities(),
    trigger: (message, evse) => station.trigger(message, evse),
    pending: () => station.pending(),
    heardAt: () => station.heardAt(),
    close: (reason) => station.close(reason),
  };
}

async function set(
  station: Station,
  { order, request }: { order: Order; request: SetRequest | LimitRequest },
  dependencies: BesideDependencies,
): Promise<StationAnswer> {
  const { mode, now, profiles, chargingStarted, sent } = dependencies;
  const started = await chargingStarted(request);
  const own = besideCsms(request, profiles(), { mode, abilities: station.abilities(), chargingStarted: started, now: now() });
  const answer = await station.send({ ...order, request: requestFor(own) });
  if (mayBeInstalled(answer)) await sent(own);
  return answer;
}

const mayBeInstalled = (answer: StationAnswer) => answer.is === 'ACCEPTED' || answer.is === 'SILENT' || (answer.is === 'REJECTED' && answer.garbled === true);

async function clear(station: Station, { order, request }: { order: Order; request: ClearRequest }, dependencies: BesideDependencies): Promise<StationAnswer> {
  const own = dependencies.profiles().ours.find(({ usualId }) => usualId === request.profileId);
  const guard = await dependencies.guardFor(request);
  if (guard) return set(station, { order, request: guard }, dependencies);
  const restore: RestoreRequest | undefined = own?.replaces?.payload && !own.taken ? { kind: 'restore-profile', payload: own.replaces.payload } : undefined;
  const place = own && { id: own.id, stackLevel: own.stackLevel };
  const answer = await station.send({ ...order, request: restore ?? { ...request, ...(place && { place }) } });
  if (own && (answer.is === 'ACCEPTED' || answer.is === 'UNKNOWN')) await dependencies.cleared(own);
  return answer;
}
