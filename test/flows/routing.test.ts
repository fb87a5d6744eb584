import { describe, expect, test } from 'vitest';
import { openWorld } from '../world.ts';

describe('whom a message is from and for', () => {
  test('RTE-19, CRE-29: a party that the platform, or a hub, has not announced is refused, and nothing happens', async () => {
    await using world = await openWorld();
    const emsp = await world.emsp();
    const station = await world.station('CP-16');
    const session = await world.charging(emsp, station);
    const url = `${world.node().publicUrl}/ocpi/2.2.1/receiver/chargingprofiles/${session}`;
    const body = { charging_profile: { charging_rate_unit: 'A', charging_profile_period: [{ start_period: 0, limit: 6 }] }, response_url: emsp.versionsUrl };
    const forged = await emsp.send({ method: 'PUT', url, body, headers: { 'OCPI-from-country-code': 'NL', 'OCPI-from-party-id': 'TNM' } });
    expect(forged.envelope.status_code).toBe(2001);
    expect(forged.envelope.status_message).toContain('NL*TNM');
    expect(station.received('SetChargingProfile')).toEqual([]);
  });

  test('RTE-20: a message for a party that is not ours is refused', async () => {
    await using world = await openWorld();
    const emsp = await world.emsp();
    const answer = await emsp.send({
      method: 'GET',
      url: `${world.node().publicUrl}/ocpi/2.2.1/sender/sessions`,
      headers: { 'OCPI-to-country-code': 'NL', 'OCPI-to-party-id': 'XXX' },
    });
    expect(answer.envelope.status_code).toBe(2001);
  });
});
