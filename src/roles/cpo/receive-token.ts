import { compareDateTimes } from '../../ocpi/date-time.ts';
import type { WireToken, WireTokenPatch } from '../../ocpi/tokens/token.ts';

/** What is held of a token after a message: unchanged when the message was older than what is held. */
export interface ReceivedToken {
  token: WireToken;
  /** Something may have been missed: pull from that peer. */
  stale: boolean;
}

/** A PUT replaces what is held, whole, unless what is held is newer. */
export const put = (held: WireToken | undefined, told: WireToken): ReceivedToken => ({
  token: held && compareDateTimes(told.last_updated, held.last_updated) < 0 ? held : told,
  stale: false,
});

/** A PATCH changes the fields that it carries; one that comes after something newer changes nothing, and may have told what that did not (OCPI 2.2.1 §12.2.1.3). */
export function patch(held: WireToken, told: WireTokenPatch): ReceivedToken {
  if (compareDateTimes(told.last_updated, held.last_updated) < 0) return { token: held, stale: true };
  return { token: { ...held, ...told }, stale: false };
}
