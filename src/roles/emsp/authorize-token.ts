import type { WireAuthorizationInfo, WireToken } from '../../ocpi/tokens/token.ts';

/** What a CPO hears that asks whether one of our tokens may charge: a valid one may, everywhere; the place that was named is repeated (OCPI 2.2.1 §12.3.1). */
export const authorize = (token: WireToken, location: WireAuthorizationInfo['location']): WireAuthorizationInfo =>
  token.valid ? { allowed: 'ALLOWED', token, ...(location && { location }) } : { allowed: 'BLOCKED', token };
