/** A 30-bit hash of a text (FNV-1a, folded); the same text always has the same hash. */
function hash30(text: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  return (hash >>> 2) ^ (hash & 3);
}

const HALF = 2 ** 30;

/**
 * The chargingProfileId of a session, the same for its whole life: a repeated set replaces the installed profile and adds none
 * (OCPP 2.0.1 K01.FR.05, K01.FR.39). It is above the ids that OCPP 2.1 reserves for the station (K01.FR.80).
 */
export const profileIdOf = (session: string): number => HALF + hash30(session);

/** The transactionId of an OCPP 1.6 start. `attempt` selects the next number when two starts have the same hash. */
export const transactionNumberOf = (start: string, attempt: number): number => 1 + ((hash30(start) + attempt) % (2 * HALF - 2));
