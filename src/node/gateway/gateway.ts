import { type ConnectionOptions, createConnector, resolveBySystem } from '../../delivery/guard/connection.ts';
import type { StationId } from '../../domain/ids.ts';
import { basicHeader, type Dial, type Gateway, type Upstream, urlFor } from '../../ocpp/gateway/upstream.ts';
import { readAuthorities } from '../../sockets/tls-files.ts';
import { letInOf, saveLetIn } from '../../store/sql/let-in.ts';
import type { Config } from '../config/config.ts';
import { type Csms, csmsOf } from '../config/gateway-mistakes.ts';
import type { Context } from '../core/context.ts';
import { authoritiesOf, reachOf } from '../core/outgoing.ts';
import { Keeps, type KeepsDependencies } from './keeps.ts';

/** Milliseconds for lookup, connection and TLS with a CSMS. */
const CONNECT_MS = 4_000;
type Point = Config['charge_points'][number];

/** What the gateway asks of other parts of the node. */
export interface GatewayDependencies extends Pick<Gateway, 'csmsCalled'>, Omit<KeepsDependencies, 'csmsOf'> {}

/** The CSMSs behind this node. */
export interface NodeGateway extends Gateway {
  /** Who wins where the CSMS of a station has profiles of its own; undefined: no CSMS, or the node only observes. */
  smartChargingOf(id: StationId): Csms['smart_charging'] | undefined;
  /** Ends all sending of kept messages; resolves when nothing of it runs. */
  close(): Promise<void>;
}

/** The CSMSs behind this node; undefined when none is configured. */
export function createGateway(context: Context, { csmsCalled, log, decide }: GatewayDependencies): NodeGateway | undefined {
  const { config, store, clock, encryption } = context;
  const { ocpp } = config;
  if (!ocpp?.upstream) return undefined;
  const dial = dialWith(context, ocpp.upstream);
  // The list is another one after a reload.
  let [listed, points] = indexed(config);
  const pointOf = (id: StationId): Point | undefined => {
    if (listed !== config.charge_points) [listed, points] = indexed(config);
    return points.get(id);
  };
  const csmsAt = (id: StationId) => csmsOf(config, pointOf(id) ?? {});
  const keeps = new Keeps(context, { log, decide, csmsOf: csmsAt });
  const proofOf = (id: StationId, authorization: string | undefined) => encryption.pseudonym('credentials at a CSMS', `${id}\n${authorization ?? ''}`);
  return {
    csmsCalled,
    keepFor: (station) => keeps.of(station),
    close: () => keeps.close(),
    smartChargingOf: (id) => {
      const csms = csmsAt(id);
      return csms?.mode === 'act' ? csms.smart_charging : undefined;
    },
    isConfigured: (id) => pointOf(id) !== undefined,
    upstreamOf: (id) => {
      if (!pointOf(id) && config.charge_points_unknown === 'refuse') return undefined;
      const csms = csmsAt(id);
      return csms && upstreamFor(id, csms, dial);
    },
    lastLetIn: async (id) => {
      const last = await store.first(letInOf(id));
      return last && { protocol: last.protocol, matches: (authorization) => last.proof === proofOf(id, authorization) };
    },
    letIn: async (id, { protocol, authorization }) => {
      if (!pointOf(id)) return;
      const [last, proof] = [await store.first(letInOf(id)), proofOf(id, authorization)];
      if (last?.protocol !== protocol || last.proof !== proof) await store.commit([saveLetIn(id, { protocol, proof }, clock.now())]);
    },
  };
}

const indexed = ({ charge_points }: Config) => [charge_points, new Map(charge_points.map((point) => [point.id, point]))] as const;

function upstreamFor(id: StationId, { url, authorization, password, when_away: whenAway, mode }: Csms, dial: Dial): Upstream {
  const shown = { pass: 'pass', own: { header: basicHeader(id, password ?? '') }, none: undefined } as const;
  return { url: urlFor(url, id), authorization: shown[authorization], whenAway, acts: mode === 'act', dial };
}

/** Connections to a CSMS follow the rules of all outgoing requests. */
function dialWith({ config, clock }: Context, { tls }: Pick<Csms, 'tls'>): Dial {
  const { ca = [] } = authoritiesOf(config);
  const own = tls ? [readAuthorities('ocpp.upstream.tls.ca_file', tls.ca_file)] : [];
  const options: ConnectionOptions = { ...reachOf(config), resolve: resolveBySystem, ca: [...ca, ...own], connectMs: CONNECT_MS, clock };
  const connect = createConnector(options);
  return ({ hostname, port, secure }) =>
    new Promise((resolve, reject) => {
      const protocol = secure ? 'https:' : 'http:';
      connect({ hostname, host: hostname, port, protocol }, (error, socket) => (socket ? resolve(socket) : reject(error)));
    });
}
