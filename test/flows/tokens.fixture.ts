import { buildCar, type ChargePoint } from '../../sim/index.ts';
import type { TokenFields } from '../../sim/partner.ts';
import { moment } from '../emsp-world.ts';

/** A card of the foreign eMSP NL*MSP that no list of the operator knows, as it goes over the wire. */
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

/** What a session says of that card. */
export const cdrTokenOfCard = { country_code: 'NL', party_id: 'MSP', uid: 'CAFE01', type: 'RFID', contract_id: 'NL-MSP-C7' };

/** Shows a card at a charge point; whether it was let charge. */
export async function presentCard(station: ChargePoint, uid = 'CAFE01'): Promise<boolean> {
  const allowed = (await station.plugIn(1, { car: buildCar(), idToken: { uid, type: 'ISO14443' } })) !== undefined;
  if (!allowed) await station.unplug(1);
  return allowed;
}
