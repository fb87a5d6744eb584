import { isIP } from 'node:net';
import { refusalOf } from '../../../delivery/guard/address.ts';
import { type Resolve, resolveBySystem } from '../../../delivery/guard/connection.ts';
import type { Config } from '../../config/config.ts';
import { reachOf } from '../../core/outgoing.ts';
import { type Finding, failed, passed, reasonOf } from './finding.ts';

/** Whether alarms can be sent: the host of the webhook has an address, and this node may send there. Nothing is sent. */
export async function checkAlarms(config: Config, resolve: Resolve = resolveBySystem): Promise<readonly Finding[]> {
  const { alarms } = config;
  if (!alarms) return [];
  const { hostname, origin } = new URL(alarms.webhook);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const addresses = isIP(host) === 0 ? await resolve(host).catch(reasonOf) : [host];
  if (typeof addresses === 'string' || addresses.length === 0)
    return [failed('alarms', `no address found for ${host}, the host of alarms.webhook: check the name, or the name server of this machine`)];
  const [refusal] = addresses.flatMap((address) => refusalOf(address, reachOf(config)) ?? []);
  return refusal === undefined
    ? [passed('alarms', `alarms from ${alarms.min_severity} on are sent to ${origin}`)]
    : [failed('alarms', `alarms.webhook leads to ${refusal}`)];
}
