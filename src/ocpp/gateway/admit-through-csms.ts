import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { StationId } from '../../domain/ids.ts';
import { odditiesOf, type Refused } from '../admission.ts';
import type { Dialect } from '../dialect.ts';
import { negotiate } from '../dialects.ts';
import type { Limits } from '../limits.ts';
import { shorten } from '../log.ts';
import type { Oddity } from '../patience/ledger.ts';
import { type OpenedLeg, openCsmsLeg } from './open-csms-leg.ts';
import type { Gateway, Upstream } from './upstream.ts';

/** A station that may come in behind its CSMS. */
export interface LetInByCsms {
  is: 'let-in';
  id: StationId;
  upstream: Upstream;
  /** The subprotocol that the CSMS chose; an empty text: none. */
  protocol: string;
  /** Undefined: the node does not know this version; the messages pass, and nothing is observed. */
  dialect: Dialect | undefined;
  oddities: readonly Oddity[];
  /** The connection to the CSMS; undefined: the CSMS is away, and the node keeps the messages. */
  leg: WebSocket | undefined;
  /** Connects to the CSMS again, in the same way. */
  reopen(): Promise<OpenedLeg>;
}

/** What the admission through a CSMS needs. */
export interface CsmsAdmission {
  id: StationId;
  upstream: Upstream;
  gateway: Pick<Gateway, 'lastLetIn' | 'letIn'>;
  limits: Pick<Limits, 'messageBytes' | 'upgradeTimeout'>;
}

/** Part of the time for an upgrade that the CSMS has. */
const PART_OF_TIME = 0.8;
/** Statuses of a CSMS that pass to the station as they are. */
const PASSED = [400, 401, 403, 404] as const;

/** Lets a station in when its CSMS does. While the CSMS is away, a station that it let in before comes in with the same credentials. */
export async function admitThroughCsms(request: IncomingMessage, { id, upstream, gateway, limits }: CsmsAdmission): Promise<LetInByCsms | Refused> {
  const { authorization: shown, 'sec-websocket-protocol': offered = '' } = request.headers;
  const authorization = upstream.authorization === 'pass' ? shown : upstream.authorization?.header;
  const attempt = { url: upstream.url, authorization, dial: upstream.dial, messageBytes: limits.messageBytes, timeout: limits.upgradeTimeout * PART_OF_TIME };
  const protocols = offered
    .split(',')
    .map((it) => it.trim())
    .filter((it) => it !== '');
  const opened = await openCsmsLeg({ ...attempt, protocols });
  if (opened.is === 'refused') {
    const status = PASSED.find((it) => it === opened.status) ?? 503;
    return { is: 'refused', status, anomaly: 'refused-by-csms', because: `the CSMS answers HTTP ${opened.status} for ${id}` };
  }
  if (opened.is === 'open') {
    await gateway.letIn(id, { protocol: opened.protocol, authorization: shown }).catch((error) => {
      opened.socket.terminate();
      throw error;
    });
  }
  const protocol = opened.is === 'open' ? opened.protocol : await protocolWhileAway();
  if (protocol === undefined)
    return { is: 'refused', status: 503, anomaly: 'csms-away', because: `the CSMS of ${id} is away: ${opened.is === 'away' ? shorten(opened.because) : ''}` };
  const dialect = negotiate(protocol)?.dialect;
  const oddities = dialect ? odditiesOf(request.url ?? '', { dialect, protocol }) : [];
  const reopen = () => openCsmsLeg({ ...attempt, protocols: protocol === '' ? [] : [protocol] });
  return { is: 'let-in', id, upstream, protocol, dialect, oddities, leg: opened.is === 'open' ? opened.socket : undefined, reopen };

  async function protocolWhileAway(): Promise<string | undefined> {
    if (upstream.whenAway === 'cut') return undefined;
    const last = await gateway.lastLetIn(id);
    return last?.matches(shown) && protocols.includes(last.protocol) ? last.protocol : undefined;
  }
}
