import type { Reach } from '../../delivery/guard/address.ts';
import { readAuthorities } from '../../sockets/tls-files.ts';
import type { Config } from '../config/config.ts';

/** The addresses to which this node may send. */
export const reachOf = ({ insecure_http, reachable }: Pick<Config, 'insecure_http' | 'reachable'>): Reach => ({ insecureHttp: insecure_http, reachable });

/** The certificates of authorities, PEM, that this node trusts beside the usual ones. Throws when their file cannot be used. */
export const authoritiesOf = ({ tls }: Pick<Config, 'tls'>): { ca?: readonly string[] } => (tls ? { ca: [readAuthorities('tls.ca_file', tls.ca_file)] } : {});
