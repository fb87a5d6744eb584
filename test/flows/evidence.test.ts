import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildCar, virtualClock } from '../../sim/index.ts';
import { amperes, epochMillis } from '../../src/domain/units.ts';
import type { EvidenceRow, EvidenceView } from '../../src/node/api/evidence/columns.ts';
import type { Config } from '../../src/node/config/config.ts';
import { runCommandWith } from '../command.ts';
import { letTimePass } from '../let-time-pass.ts';
import { openApiClient } from '../operator-api.ts';
import { upTo } from '../profile-requests.ts';
import { badge, openWorld, stores } from '../world.ts';

const SITE: Config['sites'][number] = {
  name: 'garage',
  rule: 'equal',
  time_zone: 'UTC',
  voltage: 230,
  limit: { a: 20 },
  evses: [{ uid: 'CP-16-1' }, { uid: 'CP-201-1' }],
};

const rowsOf = (rows: readonly EvidenceRow[], kind: EvidenceRow['kind']) => rows.filter((row) => row.kind === kind);

describe.each(stores)('evidence of a session and of its site (%s)', (store) => {
  test('CDP-07: says what was asked, imposed, ordered, confirmed, offered and drawn, as JSON and CSV, without data of the driver', async () => {
    await using stack = new AsyncDisposableStack();
    const clock = virtualClock(epochMillis(Date.UTC(2026, 0, 31, 10)));
    const world = stack.use(await openWorld({ store, clock, config: { sites: [SITE] } }));
    const emsp = await world.emsp();
    const station = await world.station('CP-201');
    const until = <T>(event: Promise<T>) => letTimePass(clock, event, world.node().publicUrl);
    await station.plugIn(1, { car: buildCar({ kilowattHours: 80 }), idToken: badge });
    const { id } = await until(emsp.session(({ status }) => status === 'ACTIVE'));
    const pushed = emsp.nextPush(String(id));
    expect((await until(emsp.set(String(id), upTo(10)))).result).toBe('ACCEPTED');
    await until(pushed);
    await clock.advance(30_000);
    const ordered = world.nextStep('site-limit-answered', ({ current }) => current === amperes(8));
    const client = await openApiClient(world.node());
    await client.request('PUT sites/limits?node=garage', { a: 8 });
    await until(ordered);
    await clock.advance(180_000);
    await station.unplug(1);
    await until(emsp.session(({ status }) => status === 'COMPLETED'));

    const folder = mkdtempSync(join(tmpdir(), 'evidence-'));
    stack.defer(() => rm(folder, { recursive: true }));
    const [csv, json] = ['site.csv', 'site.json'].map((name) => join(folder, name));
    const env = { EVENKEEL_URL: world.node().publicUrl, EVENKEEL_KEY: client.key };
    const span = ['--from', '2026-01-31T10:00:00Z', '--to', '2026-01-31T11:00:00Z'];
    expect(await runCommandWith({ env }, 'evidence', 'garage', ...span, '--csv', csv ?? '', '--json', json ?? '')).toMatchObject({ code: 0, stdout: '' });
    const { header, rows }: EvidenceView = JSON.parse(readFileSync(json ?? '', 'utf8'));
    expect(header).toMatchObject({
      subject: { kind: 'site', name: 'garage', sessions: [`NL*EVK*${String(id).toUpperCase()}`] },
      from: '2026-01-31T10:00:00.000Z',
      gaps: [],
    });
    expect(rowsOf(rows, 'asked')).toMatchObject([{ by: 'NL*MSP', request: 'set', limit_a: 10, evse: 'CP-201-1' }]);
    expect(rowsOf(rows, 'answered').filter(({ exchange }) => exchange)).toMatchObject([{ by: 'NL*MSP', answer: 'ACCEPTED' }]);
    expect(rowsOf(rows, 'imposed')).toMatchObject([{ node: 'garage', limit_a: 8 }]);
    expect(rowsOf(rows, 'ordered')).toContainEqual(expect.objectContaining({ evse: 'CP-201-1', limit_a: 8 }));
    expect(rowsOf(rows, 'answered')).toContainEqual(expect.objectContaining({ by: 'charge point', evse: 'CP-201-1', limit_a: 8, answer: 'ACCEPTED' }));
    expect(rowsOf(rows, 'confirmed').map(({ limit_a }) => limit_a)).toEqual(expect.arrayContaining([10, 8]));
    const metered = rowsOf(rows, 'metered');
    expect(metered).toContainEqual(expect.objectContaining({ offered_a: 8, power_w: 8 * 3 * 230, state: 'charging' }));
    const total = rowsOf(rows, 'period').reduce((sum, { energy_wh = 0 }) => sum + energy_wh, 0);
    expect(Math.abs(total - (metered.at(-1)?.energy_wh ?? 0))).toBeLessThan(1);
    expect(rows.map(({ at }) => at)).toEqual(rows.map(({ at }) => at).toSorted());

    const lines = readFileSync(csv ?? '', 'utf8').split('\r\n');
    const names = header.columns.map(({ name }) => name);
    expect(lines).toContain(names.join(','));
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toHaveLength(rows.length + 1);
    for (const secret of [badge.uid, 'NL-MSP-C0001', 'STATE_OF_CHARGE'])
      for (const text of [JSON.stringify(rows), lines.join()]) expect(text).not.toContain(secret);

    const { body } = await client.request(`GET evidence?subject=${id}`);
    expect((body as unknown as EvidenceView).header).toMatchObject({ subject: { kind: 'session' }, gaps: [] });
    expect((await client.request('GET evidence?subject=attic')).status).toBe(404);
    expect((await client.request('GET evidence?subject=garage&from=2025-01-01T00:00:00Z')).body).toMatchObject({ error: { field: 'from' } });
  });
});
