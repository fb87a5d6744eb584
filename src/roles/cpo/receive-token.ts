import { compareDateTimes } from '../../ocpi/date-time.ts';
import type { WireToken, WireTokenPatch } from '../../ocpi/tokens/token.ts';

/** The stored token after a message; unchanged when the message is older. */
export interface ReceivedToken {
  token: WireToken;
  /** A change may be missing: the token must be pulled again. */
  stale: boolean;
}

/** A PUT replaces the whole stored token, unless that is newer. */
export const put = (stored: WireToken | undefined, received: WireToken): ReceivedToken => ({
  token: stored && compareDateTimes(received.last_updated, stored.last_updated) < 0 ? stored : received,
  stale: false,
});

/** A PATCH changes the fields that it contains. An older one changes nothing; the stored token may lack its change (OCPI 2.2.1 §12.2.1.3). */
export function patch(stored: WireToken, received: WireTokenPatch): ReceivedToken {
  if (compareDateTimes(received.last_updated, stored.last_updated) < 0) return { token: stored, stale: true };
  return { token: { ...stored, ...received }, stale: false };
}
