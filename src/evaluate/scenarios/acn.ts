import { sessionKey } from '../../domain/ids.ts';
import type { ProfileType } from '../../domain/preferences.ts';
import { epochSeconds, volts, wattHours } from '../../domain/units.ts';
import type { EvseData, ValueStep } from '../../planner/index.ts';
import { readTable } from '../read-tables.ts';
import { DAY, type PastCharge, type Scenario } from '../scenario.ts';
import { pricesOf, type Tariff } from '../tariff.ts';
import { gridLimit } from './synthetic.ts';

const EVSE: EvseData = { unit: 'A', min: 6, max: 32, voltage: volts(208), phases: [1] };
/** Summer time in California. */
const ZONE = -7 * 3_600;

const seconds = (text: string): number => Math.floor(Date.parse(text.replace(' ', 'T')) / 1_000);

/** Sessions with what the driver said, if the driver said it. A stay that is no time has no row. */
const acnCharges = (csv: string, profileType: ProfileType): readonly PastCharge[] =>
  readTable(csv).flatMap(({ cell }) => {
    const [arrival, departure] = [seconds(cell('arrival')), seconds(cell('departure'))];
    const energy = 1_000 * Number(cell('delivered_energy (kWh)'));
    if (!(departure > arrival && energy > 0)) return [];
    const said = seconds(cell('estimated_departure'));
    const isSaid = cell('claimed') === 'True';
    return [
      {
        key: sessionKey('US', 'ACN', cell('session_id')),
        evse: cell('station_id'),
        electric: EVSE,
        arrival: epochSeconds(arrival),
        departure: epochSeconds(departure),
        energy: wattHours(energy),
        stated: isSaid && said > arrival ? { departure: epochSeconds(said), energy: wattHours(1_000 * Number(cell('requested_energy (kWh)'))) } : {},
        profileType,
      },
    ];
  });

const midnightBefore = (at: number): number => Math.floor((at + ZONE) / DAY) * DAY - ZONE;
const daysOf = (charges: readonly PastCharge[]): { begin: number; days: number } => {
  const begin = midnightBefore(Math.min(...charges.map(({ arrival }) => arrival)));
  return { begin, days: Math.ceil((Math.max(...charges.map(({ departure }) => departure)) - begin) / DAY) + 3 };
};

/** S2: what drivers say is wrong. JPL, September to December 2019; learnt from May to August. */
export function s2(files: { earlier: string; replayed: string }, tariff: Tariff, caps: readonly number[]): readonly Scenario[] {
  const sessions = acnCharges(files.replayed, 'CHEAP');
  return caps.map((cap) => ({
    name: `S2 at ${cap} kW`,
    label: 'JPL, September to December 2019, stated departure and energy, TOU-EV-4',
    currency: 'USD',
    sessions,
    earlier: acnCharges(files.earlier, 'CHEAP'),
    limits: gridLimit(cap),
    prices: pricesOf(tariff, daysOf(sessions)),
    zone: ZONE,
  }));
}

/** S4: JPL in May 2021 with the marginal carbon intensity of the region; all cars GREEN; learnt from February to May 2020. */
export function s4(files: { earlier: string; replayed: string; carbon: string }, tariff: Tariff, caps: readonly number[]): readonly Scenario[] {
  const carbon = carbonOf(files.carbon);
  const end = carbon.at(-1)?.to ?? 0;
  const sessions = acnCharges(files.replayed, 'GREEN').filter(({ departure }) => departure <= end);
  return caps.map((cap) => ({
    name: `S4 at ${cap} kW`,
    label: 'JPL, May 2021, marginal carbon intensity of CAISO-SCE, all cars GREEN',
    currency: 'USD',
    sessions,
    earlier: acnCharges(files.earlier, 'GREEN'),
    limits: gridLimit(cap),
    prices: pricesOf(tariff, daysOf(sessions)),
    carbon,
    zone: ZONE,
  }));
}

/** kg for each kWh every 5 minutes become g for each quarter of an hour: a mean of three. */
function carbonOf(csv: string): readonly ValueStep[] {
  const rows = readTable(csv).map(({ cell }) => ({ at: seconds(cell('time')), grams: 1_000 * Number(cell('moer')) }));
  return rows.flatMap(({ at }, n) => {
    if (n % 3 !== 0) return [];
    const part = rows.slice(n, n + 3);
    return [{ from: epochSeconds(at), to: epochSeconds(at + 900), value: part.reduce((sum, { grams }) => sum + grams, 0) / part.length }];
  });
}
