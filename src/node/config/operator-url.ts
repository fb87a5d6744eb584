import { addressIn } from '../../sockets/trusted-proxies.ts';
import type { Config } from './config.ts';

/** The URL by which operators reach the operator API and the console: that of `listen_operator` where there is one, else `public_url`. */
export function operatorUrl({ public_url, listen_operator }: Pick<Config, 'public_url' | 'listen_operator'>): string {
  return listen_operator === undefined ? public_url : (listen_operator.url ?? addressOf(listen_operator));
}

/** The URL of an HTTP server of this node, by the host and port on which it listens. */
export function addressOf({ host, port, tls }: Pick<Config['listen'], 'host' | 'port' | 'tls'>): string {
  return `${tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

const isLoopbackAddress = addressIn(['127.0.0.0/8', '::1']);
/** Whether a host of a URL, or an address, is this machine. */
export const isLoopback = (host: string): boolean => host === 'localhost' || isLoopbackAddress(host.replace(/^\[(.*)\]$/, '$1'));
