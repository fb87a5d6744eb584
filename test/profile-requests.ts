import type { Emsp } from '../sim/partner.ts';

/** A charging profile of one period, in amperes, as it goes over the wire. */
export const upTo = (limit: number, more: object = {}) => ({ charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit }], ...more });

/** Where the node takes requests about the charging profile of a session; without one, its module. */
export function profilesUrl(emsp: Emsp, session?: string): string {
  const base = emsp.peer().endpoints.find((it) => it.identifier === 'chargingprofiles' && it.role === 'RECEIVER')?.url ?? '';
  return session === undefined ? base : `${base}/${session}`;
}

/** Requests that came in on response_urls, whatever became of them. */
export const resultPosts = (emsp: Emsp) => emsp.requests.filter((it) => it.module === 'callback');

/** An address of this eMSP's own for a result, with whatever the test puts behind it. */
export const resultUrl = (emsp: Emsp, tail: string) => `${new URL(emsp.versionsUrl).origin}/ocpi/emsp/2.2.1/results/${tail}`;
