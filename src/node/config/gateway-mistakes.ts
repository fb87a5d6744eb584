import type { Static } from 'typebox';
import type { Config } from './config.ts';
import type { Upstream } from './gateway-schema.ts';

/** The CSMS of one charge point, with its own settings over those of `ocpp.upstream`; undefined: the node is its CSMS. */
export function csmsOf({ ocpp }: Pick<Config, 'ocpp'>, { upstream: own }: Pick<Config['charge_points'][number], 'upstream'>): Csms | undefined {
  if (!ocpp?.upstream || own === 'none') return undefined;
  const { password, ...differs } = own ?? {};
  return { ...ocpp.upstream, ...differs, password };
}

/** The settings of a CSMS. `password`: that of the charge point there. */
export type Csms = Static<typeof Upstream> & { password: string | undefined };

/** Contradictions in what is configured about CSMSs. */
export function gatewayMistakes(it: Config): { key: string; says: string }[] {
  const { ocpp, charge_points, charge_points_unknown: unknown } = it;
  const { upstream } = ocpp ?? {};
  if (!upstream) {
    const stray = charge_points.flatMap(({ upstream: own }, n) => (own === undefined || own === 'none' ? [] : [`charge_points.${n}.upstream`]));
    const found = stray.map((key) => ({ key, says: 'needs ocpp.upstream, the CSMS: add ocpp: { upstream: { url: wss://… } }' }));
    return unknown === 'pass' ? [...found, { key: 'charge_points_unknown', says: 'pass needs ocpp.upstream, the CSMS that they pass to' }] : found;
  }
  return [
    ...unencrypted('ocpp.upstream.url', upstream.url, it),
    ...(unknown === 'pass' && upstream.authorization !== 'pass'
      ? [{ key: 'charge_points_unknown', says: 'pass needs ocpp.upstream.authorization: pass, because only the CSMS can check who an unknown charge point is' }]
      : []),
    ...charge_points.flatMap((point, n) => {
      const csms = csmsOf(it, point);
      if (!csms) return [];
      const key = `charge_points.${n}.upstream`;
      const lacks = csms.authorization === 'own' && csms.password === undefined;
      return [
        ...(csms.url === upstream.url ? [] : unencrypted(`${key}.url`, csms.url, it)),
        ...(lacks ? [{ key: `${key}.password`, says: `is missing for ${point.id}: ocpp.upstream.authorization is own` }] : []),
      ];
    }),
  ];
}

/** Passwords must not cross a network unencrypted, unless the operator names the very address of the CSMS. */
function unencrypted(key: string, url: string, { insecure_http, reachable }: Config): { key: string; says: string }[] {
  const { protocol, hostname } = new URL(url.replaceAll('{id}', 'id'));
  if (protocol === 'wss:' || insecure_http || reachable.includes(hostname.replace(/^\[|\]$/g, ''))) return [];
  return [{ key, says: 'is ws, which is not encrypted; use wss, list the address of the CSMS under reachable, or set insecure_http: true for development' }];
}
