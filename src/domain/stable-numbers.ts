/** A stable number of 30 bits for a text (FNV-1a, folded); the same text always gives the same number. */
function digest(text: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  return (hash >>> 2) ^ (hash & 3);
}

const HALF = 2 ** 30;

/**
 * The chargingProfileId that a session has at its charge point for as long as it lives, so that a repeated set replaces
 * instead of piling up (OCPP 2.0.1 K01.FR.05, K01.FR.39). Above the ids that 2.1 stations keep for themselves (K01.FR.80).
 */
export const profileIdOf = (session: string): number => HALF + digest(session);

/** The transactionId of an OCPP 1.6 start; `attempt` moves on to the next when two starts fall on one number. */
export const transactionNumberOf = (start: string, attempt: number): number => 1 + ((digest(start) + attempt) % (2 * HALF - 2));
