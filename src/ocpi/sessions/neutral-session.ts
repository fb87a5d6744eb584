import { inUrl, isRecord, type Known, NOT_AVAILABLE, receipt } from '../patience/schema.ts';

/** What a session is read with where a required field is missing or cannot be understood. Its driver's party has no neutral value. */
export const neutralSession = {
  country_code: inUrl('country_code'),
  party_id: inUrl('party_id'),
  id: inUrl('session_id'),
  start_date_time: ({ siblings, ...known }: Known): unknown =>
    periodsOf(siblings)[0]?.start_date_time ?? siblings.last_updated ?? receipt({ siblings, ...known }),
  kwh: ({ siblings }: Known): number => energyOf(siblings),
  auth_method: 'WHITELIST',
  location_id: NOT_AVAILABLE,
  evse_uid: NOT_AVAILABLE,
  connector_id: NOT_AVAILABLE,
  // ISO 4217: no currency.
  currency: 'XXX',
  // Nobody steers a PENDING session.
  status: ({ siblings }: Known): string => (siblings.end_date_time === undefined ? 'PENDING' : 'COMPLETED'),
  last_updated: receipt,
};

const listOf = (value: unknown) => (Array.isArray(value) ? value.filter(isRecord) : []);
const periodsOf = ({ charging_periods }: Known['siblings']) => listOf(charging_periods);

/** The energy of the charging periods, in kWh. */
const energyOf = (siblings: Known['siblings']): number =>
  periodsOf(siblings)
    .flatMap(({ dimensions }) => listOf(dimensions))
    .reduce((sum, { type, volume }) => (type === 'ENERGY' && typeof volume === 'number' ? sum + volume : sum), 0);
