import { stationId } from '../../domain/ids.ts';
import type { CsmsState, CsmsView } from '../../ocpp/gateway/csms-states.ts';
import type { StationServer } from '../../ocpp/server.ts';
import type { Config } from '../config/config.ts';
import { csmsOf } from '../config/gateway-mistakes.ts';
import type { CsmsCounts } from '../core/csms-metrics.ts';

/** The CSMS of a configured charge point, and how it is. */
export interface StationCsms extends Omit<CsmsView, 'since'> {
  station: string;
  /** Host and port of its URL, without the rest: a path may hold a secret. */
  host: string;
  mode: 'act' | 'observe';
  /** Undefined: the charge point has not connected since the start of the node. */
  since: CsmsView['since'] | undefined;
  /** Messages that are kept at most. */
  mostKept: number;
}

type Server = Pick<StationServer, 'csmsOf'>;

/** The CSMS of one charge point; undefined: the node is its CSMS. */
export function stationCsms(config: Config, point: Config['charge_points'][number], server: Server | undefined): StationCsms | undefined {
  const csms = csmsOf(config, point);
  if (!csms) return undefined;
  const { state, since, lastLost, kept = 0 } = server?.csmsOf(stationId(point.id)) ?? { state: undefined, since: undefined, lastLost: undefined };
  const { host } = new URL(csms.url.replaceAll('{id}', 'id'));
  return { station: point.id, host, mode: csms.mode, state, since, lastLost, kept, mostKept: csms.keep.messages };
}

/** The CSMSs of all charge points behind one. */
export const allStationCsms = (config: Config, server: Server | undefined): readonly StationCsms[] =>
  config.ocpp?.upstream ? config.charge_points.flatMap((point) => stationCsms(config, point, server) ?? []) : [];

const STATES: readonly CsmsState[] = ['connected', 'away', 'refused'];

/** The figures for the metrics. */
export function csmsCounts(config: Config, server: Pick<StationServer, 'csmsOf' | 'counts'>): CsmsCounts {
  const all = allStationCsms(config, server);
  const { 'unasked-answer': unasked = 0, 'not-observed': notObserved = 0 } = server.counts();
  return {
    states: Object.fromEntries(STATES.map((state) => [state, all.filter((it) => it.state === state).length])),
    kept: all.reduce((sum, { kept }) => sum + kept, 0),
    unasked,
    notObserved,
  };
}
