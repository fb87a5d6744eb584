import type { StationId } from '../domain/ids.ts';
import type { KnownAbilities } from '../domain/station.ts';
import { openStationServer, type StationServer } from '../ocpp/server.ts';
import type { StationHost } from '../ocpp/station.ts';
import { readTlsFiles } from '../sockets/tls-files.ts';
import { addressIn } from '../sockets/trusted-proxies.ts';
import { stationById } from '../store/sql/station.ts';
import type { Cpo } from './compose/compose-cpo.ts';
import type { Config } from './config/config.ts';
import type { Context } from './core/context.ts';
import type { Log } from './core/log.ts';
import { createStationHost } from './cpo/station-host.ts';
import { csmsCounts } from './gateway/csms-view.ts';
import { createGateway } from './gateway/gateway.ts';
import { portOr } from './listen.ts';

/** What charge points meet: the parts of the CPO that receive their connections and messages. */
export const stationHostOf = (context: Context, cpo: Cpo): StationHost =>
  createStationHost(context, {
    evses: cpo.evses,
    book: cpo.tokenAuthorizer,
    sessions: cpo.sessions,
    locations: cpo.locations,
    limits: cpo.limits,
    announced: cpo.announced,
    heard: cpo.heard,
    listeners: {
      stationConnected: (id) => {
        cpo.limits.stationIsBack(id);
        cpo.csmsProfiles.stationIsBack(id);
        cpo.dispatcher.stationConnected(id);
        cpo.activeProfiles.stationIsBack(id);
      },
      lateAnswer: (station, message, read) => cpo.dispatcher.lateAnswer(station, message, read),
      reread: (key) => cpo.activeProfiles.reread(key),
      rebooted: (key) => cpo.activeProfiles.rebooted(key),
      chargingNeeds: cpo.chargingNeeds,
    },
  });

/** Listens for the charge points of the configuration; undefined when it has no `ocpp`. */
export async function openStations(context: Context, cpo: Cpo, log: Log): Promise<StationServer | undefined> {
  const { config, clock, store, work, metrics, stationOddities, stationMessages } = context;
  const { ocpp } = config;
  if (!ocpp) return undefined;
  // The list is another one after a reload.
  let [listed, points] = indexed(config);
  const known = (id: StationId) => work.run(`admission of ${id}`, () => store.first(stationById<KnownAbilities>(id)));
  const host = stationHostOf(context, cpo);
  const gateway = createGateway(context, {
    log,
    decide: (id, idToken, evseId) => host.authorize({ id }, idToken, evseId),
    csmsCalled: (station, observed) => cpo.csmsProfiles.observed(station.id, { version: station.version, ...observed }),
  });
  if (gateway) cpo.csmsProfiles.decideBy((id) => gateway.smartChargingOf(id));
  const opening = openStationServer({
    listen: ocpp,
    securityProfile: ocpp.security_profile,
    ...(ocpp.tls && { tls: readTlsFiles('ocpp.tls', ocpp.tls) }),
    credentialOf: (id) => {
      if (listed !== config.charge_points) [listed, points] = indexed(config);
      const point = points.get(id);
      if (!point) return undefined;
      return ocpp.security_profile === 3 ? { certificate: {} } : point.password === undefined ? undefined : { password: point.password };
    },
    host,
    clock,
    isProxy: addressIn(config.listen.trusted_proxies),
    log: (level, event, facts) => log(level, event, facts),
    lastEpoch: async (id) => (await known(id))?.epoch ?? 0,
    abilitiesOf: async (id) => (await known(id))?.abilities,
    settingsOf: (id) => {
      const point = points.get(id);
      return point && { evseIds: [...new Set(point.evses.map((it) => it.evse_id))], ...(point.strict !== undefined && { strict: point.strict }) };
    },
    ledger: stationOddities,
    ...(gateway && { gateway }),
    onFrame: (id, how, text) => stationMessages.note(id, how, text),
  });
  const server = await portOr(opening, `${ocpp.host}:${ocpp.port}`, 'ocpp.port');
  metrics.readCsms(() => csmsCounts(config, server));
  metrics.keep('charge points since the start', () => server.kept().stations);
  metrics.keep('charge points with odd messages', () => stationOddities.size);
  metrics.keep('wrong credentials of charge points', () => server.kept().guesses);
  return {
    ...server,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await gateway?.close();
    },
  };
}

const indexed = ({ charge_points }: Config) => [charge_points, new Map(charge_points.map((point) => [point.id, point]))] as const;
