import { describe, expect, test } from 'vitest';
import type { Config } from '../../src/node/config/config.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { openWorld } from '../world.ts';
import { openSteered } from './steered.fixture.ts';

const inSteps = upTo(0, { charging_profile_period: [10, 16].map((limit, n) => ({ start_period: n * 300, limit })) });

describe('a charger with all odd fields of the field at once', () => {
  test('F-20 to F-28: it boots, charges, is steered and ends; all that was odd is on its page and in the metrics, without its token', async () => {
    await using it = await openSteered('sqlite', { at: 'CP-16', oddFields: true });
    const { emsp, station, session, world } = it;
    expect(await (await emsp.set(session, inSteps)).later).toEqual({ result: 'ACCEPTED' });
    expect(await it.until(emsp.nextPush(session))).toMatchObject({ charging_profile: { charging_profile_period: [{ limit: 10 }, { limit: 16 }] } });
    await it.until(emsp.session((pushed) => Number(pushed.kwh) > 0));
    await station.unplug(1);
    const ended = await it.until(emsp.session((pushed) => pushed.status === 'COMPLETED'));
    expect(Number(ended.kwh)).toBeGreaterThan(0);
    expect(Date.parse(String(ended.start_date_time))).toBeLessThanOrEqual(it.clock.now());

    const api = await openApiClient(world.node());
    const { body, text } = await api.request('GET stations/CP-16');
    expect(body).toMatchObject({ online: true, model: 'Street 16 with odd f', smart_charging: true, abilities: { max_periods: 24 } });
    const seen = ['long-text', 'unknown-word', 'null-field', 'word-in-other-case', 'text-as-number', 'number-as-text', 'fraction', 'missing-field'];
    expect(body.patience).toEqual(
      expect.arrayContaining(
        [...seen, 'broken-element', 'time-form', 'clock', 'other-address', 'other-subprotocol'].map((kind) => expect.objectContaining({ kind })),
      ),
    );
    expect(text).not.toContain('DEADBEEF');
    const metrics = await (await fetch(`${world.node().publicUrl}/metrics`)).text();
    expect(metrics).toMatch(/^ocpp_patience_total\{kind="clock"\} [1-9]/m);
  });

  test('strict: true refuses its boot, as before', async () => {
    const strict = (points: Config['charge_points']) => points.map((it) => ({ ...it, strict: true }));
    await using plain = await openWorld();
    await using world = await openWorld({ config: { charge_points: strict(plain.settings().charge_points) } });
    const station = await world.station('CP-16', {});
    expect(await station.call('BootNotification', { chargePointVendor: 'V', chargePointModel: 'x'.repeat(21) })).toEqual({
      ok: false,
      code: 'PropertyConstraintViolation',
    });
  });
});
