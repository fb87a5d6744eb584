import type { Emsp } from '../sim/partner.ts';

/** A charging profile of one period with a limit in amperes, as OCPI JSON. */
export const upTo = (limit: number, more: object = {}) => ({ charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit }], ...more });

/** The URL at the node for requests about the charging profile of a session; without a session, the URL of the module. */
export function profilesUrl(emsp: Emsp, session?: string): string {
  const base = emsp.peer().endpoints.find((it) => it.identifier === 'chargingprofiles' && it.role === 'RECEIVER')?.url ?? '';
  return session === undefined ? base : `${base}/${session}`;
}

/** All requests to response_urls of this eMSP, whatever it answered. */
export const resultPosts = (emsp: Emsp) => emsp.requests.filter((it) => it.module === 'callback');

/** A response_url of this eMSP that ends with `tail`. */
export const resultUrl = (emsp: Emsp, tail: string) => `${new URL(emsp.versionsUrl).origin}/ocpi/emsp/2.2.1/results/${tail}`;
