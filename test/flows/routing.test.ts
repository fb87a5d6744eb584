import { describe, expect, test } from 'vitest';
import { openWorld } from '../world.ts';

describe('the OCPI routing headers of a message', () => {
  test('RTE-19, CRE-29: a request from a party that neither the platform nor a hub has announced gets 2001 and has no effect', async () => {
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

  test('RTE-20: a request to a party that the node does not host gets 2001', async () => {
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
