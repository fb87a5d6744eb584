import type { Evse } from '../../domain/evse.ts';
import { partyKey, sessionKey, stationId } from '../../domain/ids.ts';
import type { ChargingProfile } from '../../domain/profile/charging-profile.ts';
import { amperes, seconds, volts, watts } from '../../domain/units.ts';
import type { RequestFacts } from './check-profile-request.ts';

/** Three phases of 32 A, as the tests of the roles have it. */
export const socket: Evse = { uid: 'E1', evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) };
export const S1 = sessionKey('NL', 'EVK', 's1');
export const MSP = partyKey('NL', 'MSP');
export const TNM = partyKey('NL', 'TNM');

/** Everything in order: a running session, a charge point that listens, nobody in the way; each test says what differs. */
export const knownWith = (more: Partial<Omit<RequestFacts, 'station'>> & { station?: Partial<RequestFacts['station']> } = {}): RequestFacts => ({
  session: { key: S1, status: 'ACTIVE', profileId: 7, mayControl: true },
  evse: socket,
  waiting: [],
  inputs: [],
  asker: MSP,
  sharingWith: () => 'one',
  halted: false,
  tooOften: undefined,
  ...more,
  station: { id: stationId('CP-1'), online: true, smartCharging: true, units: ['A', 'W'], pending: 0, ...more.station },
});

export const inAmperes = (limit: number): ChargingProfile => ({ unit: 'A', periods: [{ start: seconds(0), limit: amperes(limit) }] });
export const inWatts = (limit: number): ChargingProfile => ({ unit: 'W', periods: [{ start: seconds(0), limit: watts(limit) }] });
