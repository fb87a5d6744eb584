import type { Keeping } from '../../ocpp/gateway/keeping.ts';

/** Keeps nothing: calls of the station get an error while the CSMS is away. */
export const NOT_KEPT: Keeping = {
  waiting: 0,
  holds: () => false,
  answer: async ({ id }) => JSON.stringify([4, id, 'InternalError', 'the CSMS is away', {}]),
  csmsIsThere: () => undefined,
  csmsIsAway: () => undefined,
  toCsms: (text) => text,
  toStation: (text) => text,
};
