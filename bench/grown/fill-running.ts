import { openStore } from '../../src/store/open.ts';
import type { Write } from '../../src/store/store.ts';
import { stationName } from '../driver/station.ts';

const AT_ONCE = 500;
/** Sessions at one location. */
const PER_LOCATION = 100;
/** Every third session has a profile of a party. */
const PROFILE_EVERY = 3;

/** Creates the tables in a new database and fills them with running sessions, one at each charge point of the bench. */
export async function fillRunning(database: string, sessions: number): Promise<void> {
  await using store = await openStore(database);
  for (let n = 0; n < sessions; n += AT_ONCE) await store.commit(Array.from({ length: Math.min(AT_ONCE, sessions - n) }, (_, i) => rowsOf(n + i)).flat());
}

function rowsOf(n: number): Write[] {
  const now = Date.now();
  const [start, station] = [new Date(now - n * 1_000).toISOString(), stationName(n)];
  const key = `NL*EVK*S${n}`;
  const body = {
    country_code: 'NL',
    party_id: 'EVK',
    id: `S${n}`,
    start_date_time: start,
    kwh: n % 40,
    cdr_token: { country_code: 'NL', party_id: 'MSP', uid: `CARD${n}`, type: 'RFID', contract_id: 'NL-MSP-C0001' },
    auth_method: 'WHITELIST',
    location_id: `LOC${Math.floor(n / PER_LOCATION)}`,
    evse_uid: `${station}-1`,
    connector_id: '1',
    currency: 'EUR',
    charging_periods: [{ start_date_time: start, dimensions: [{ type: 'ENERGY', volume: n % 40 }] }],
    status: 'ACTIVE',
    last_updated: new Date(now).toISOString(),
  };
  const limit = 6 + (n % 20);
  const power = (n * 37) % 11_000;
  const progress = { period: { since: now }, started: now - n * 1_000, power, connected: true, maxPower: 22_080, supply: { voltage: 230, phases: 3 } };
  const active = { unit: 'A', start: Math.floor(now / 1000), duration: 900, periods: [{ start: 0, limit }] };
  const session: Write = {
    name: 'bench-session',
    sql: `INSERT INTO session (key, folded_id, token_party, status, last_updated, body, station, evse_uid, transaction_id, profile_id, location_id, progress, active_profile)
      VALUES ($1, $2, 'NL*MSP', 'ACTIVE', $3, $4, $5, $6, $7, 1, $8, $9, $10)`,
    values: [
      key,
      `S${n}`,
      now * 1000,
      JSON.stringify(body),
      station,
      body.evse_uid,
      `T${n}`,
      body.location_id,
      JSON.stringify(progress),
      JSON.stringify(active),
    ],
  };
  const profile: Write = {
    name: 'bench-input',
    sql: "INSERT INTO input (session_key, party, peer, profile, state, at) VALUES ($1, 'NL*SCS', 'NL*SCS', $2, 'installed', $3)",
    values: [key, JSON.stringify({ unit: 'A', periods: [{ start: 0, limit }] }), now],
  };
  return n % PROFILE_EVERY === 0 ? [session, profile] : [session];
}
