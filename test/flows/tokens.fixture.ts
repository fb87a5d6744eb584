import { buildCar, type ChargePoint } from '../../sim/index.ts';
import type { TokenFields } from '../../sim/partner.ts';
import { moment } from '../emsp-world.ts';

/** A token of the eMSP NL*MSP that is not in the configuration of the node, as OCPI JSON. */
export const remoteToken = (more: Record<string, unknown> & { uid?: string; type?: string } = {}): TokenFields => ({
  country_code: 'NL',
  party_id: 'MSP',
  uid: 'CAFE01',
  type: 'RFID',
  contract_id: 'NL-MSP-C7',
  issuer: 'Foreign EMSP',
  valid: true,
  whitelist: 'ALWAYS',
  last_updated: moment(0),
  ...more,
});

/** The `cdr_token` of a session with that token. */
export const cdrTokenOfCard = { country_code: 'NL', party_id: 'MSP', uid: 'CAFE01', type: 'RFID', contract_id: 'NL-MSP-C7' };

/** Presents a token at a charge point with a car; resolves with whether it may charge. */
export async function presentCard(station: ChargePoint, uid = 'CAFE01'): Promise<boolean> {
  const allowed = (await station.plugIn(1, { car: buildCar(), idToken: { uid, type: 'ISO14443' } })) !== undefined;
  if (!allowed) await station.unplug(1);
  return allowed;
}
