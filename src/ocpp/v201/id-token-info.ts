import type { AuthorizeResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import type { TokenDecision } from '../../domain/station.ts';

/** The decision on a token as OCPP 2.x writes it. A group is no token that a driver presents, so it has the type Central. */
export const idTokenInfo = ({ status, group }: TokenDecision): AuthorizeResponse['idTokenInfo'] => ({
  status,
  ...(group !== undefined && { groupIdToken: { idToken: group, type: 'Central' } }),
});
