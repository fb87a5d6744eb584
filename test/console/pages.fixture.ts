import type { Emsp } from '../../sim/partner.ts';
import { openWorld, type World } from '../world.ts';
import { addUser } from './browser.fixture.ts';

export const PAGES = [
  'overview',
  'sessions',
  'session',
  'exchanges',
  'exchange',
  'parties',
  'party',
  'connect',
  'register',
  'stations',
  'station',
  'sites',
  'site',
  'steering',
  'plan',
  'audit',
  'access',
  'claims',
  'keys',
  'users',
  'nowhere',
] as const;
export type PageName = (typeof PAGES)[number];

/** A node with content for the pages of the console: a charging car, a party that steers it, and an exchange; with the paths of the pages. */
export async function openBusyWorld(): Promise<{ world: World; emsp: Emsp; pages: Record<PageName, string> }> {
  const world = await openWorld({ config: { console: {} } });
  await addUser(world.node(), 'anna');
  const emsp = await world.emsp();
  const station = await world.station('CP-201');
  const session = await world.charging(emsp, station);
  const set = await emsp.set(session, { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 9 }] });
  const { exchange } = await world.firstStep('outcome', (it) => it.state === 'DELIVERED');
  if (set === undefined) throw new Error('the set got no answer');
  const pages = {
    overview: '',
    sessions: 'sessions',
    session: `sessions/NL*EVK*${session}`,
    exchanges: 'exchanges',
    exchange: `exchanges/${exchange}`,
    parties: 'parties',
    party: `parties/${emsp.role.country_code}*${emsp.role.party_id}`,
    connect: 'connect',
    register: 'connect?way=register',
    stations: 'stations',
    station: 'stations/CP-201',
    sites: 'sites',
    site: 'sites/LOC1',
    steering: 'steering',
    plan: 'plan',
    audit: 'audit',
    access: 'access',
    claims: 'access?tab=claims',
    keys: 'access?tab=keys',
    users: 'access?tab=users',
    nowhere: 'no-such-page',
  };
  return { world, emsp, pages };
}
