import { describe, expect, test } from 'vitest';
import { Audit } from '../../src/node/core/audit.ts';
import { fingerprint } from '../../src/store/encryption.ts';
import { openEncryption, openStore } from '../../src/store/open.ts';
import type { Write } from '../../src/store/store.ts';
import { openWorld, stores } from '../world.ts';
import { signedIn } from './console.fixture.ts';

const change = (sql: string): Write => ({ name: fingerprint(sql), sql, values: [] });

describe.each(stores)('the audit (%s)', (store) => {
  test('SEC-39: each act has an entry with its actor and without secrets, also when it was refused', async () => {
    await using world = await openWorld({ store, config: { console: {} } });
    const browser = await signedIn(world.node(), 'admin', 'anna');
    const invited = await browser.ask('POST peers', { role: 'EMSP', country_code: 'NL', party_id: 'MSP' });
    const made = await browser.ask('POST keys', { name: 'billing', scope: 'view' });
    await browser.ask('POST contracts', { party: 'NL*SCS', may: ['see', 'control'] });
    const consent = await browser.ask('POST consents', { token: 'DEADBEEF', party: 'NL*SCS', text_version: '3', given_at: '2026-01-01T00:00:00Z' });
    await browser.ask('POST consents/withdraw', { driver: String(consent.body.driver), party: 'NL*SCS' });
    await browser.ask('POST parties/nl*scs/halt');
    expect((await browser.ask('DELETE contracts/none')).status).toBe(404);
    expect((await browser.ask('POST parties/none/halt')).status).toBe(400);
    await browser.ask('DELETE sessions/NONE/charging-profile');

    const { items }: { items?: { act: string; subject?: string; says?: string; by: object }[] } = (await browser.ask('GET audit')).body;
    expect(items?.toReversed().map(({ act, subject, says }) => [act, subject, says].filter((it) => it !== undefined).join(' '))).toEqual([
      'log-in password',
      'add-peer NL*MSP invites as EMSP',
      'add-key scope view',
      'add-contract NL*SCS may see, control',
      'add-consent NL*SCS of one driver, text 3',
      'withdraw-consent NL*SCS of one driver',
      'halt-party nl*scs',
      'end-contract none',
      'refused #8 NOT_FOUND',
      'halt-party none',
      'refused #10 INVALID',
      'clear-charging-profile NONE',
      'refused #12 NOT_FOUND',
    ]);
    expect(items?.[0]?.by).toEqual({ kind: 'user', id: expect.any(String), name: 'anna' });
    const text = JSON.stringify(items);
    const { token } = Object(invited.body.invited);
    for (const secret of [token, made.body.key, 'DEADBEEF']) expect(text).not.toContain(secret);
    expect((await browser.ask('GET audit?limit=2')).body).toMatchObject({ items: [{ seq: 13 }, { seq: 12 }], next: 12 });
    expect(await world.node().audit.verify()).toMatchObject({ is: 'whole', entries: 13 });
  });

  test('SEC-39: a changed or removed row is detected, and so is the loss of the newest rows', async () => {
    await using world = await openWorld({ store });
    await using secondStore = await openStore(world.database);
    const { audit } = world.node();
    const note = (at: Audit, n: number) => at.note({ kind: 'command' }, { act: 'halt-party', subject: `NL*P${n}` });
    // A command writes to the same audit while the node runs.
    const other = new Audit({ store: secondStore, encryption: openEncryption(world.keyFile), clock: world.clock });
    await Promise.all(Array.from({ length: 20 }, (_, n) => note(n % 2 === 0 ? audit : other, n)));
    const check = await audit.verify();
    expect(check).toMatchObject({ is: 'whole', entries: 20 });
    const { last = '' } = Object(check);
    expect(await other.verify(last)).toMatchObject({ is: 'whole' });
    const tamper = async (...sql: string[]) => {
      for (const it of sql) await secondStore.commit([change(it)]);
    };
    await tamper("UPDATE audit SET subject = subject || '!' WHERE seq = 7");
    expect(await audit.verify()).toEqual({ is: 'broken', seq: 7, because: expect.any(String) });
    await tamper('UPDATE audit SET subject = SUBSTR(subject, 1, LENGTH(subject) - 1) WHERE seq = 7');
    expect(await audit.verify()).toMatchObject({ is: 'whole' });
    await tamper('UPDATE audit SET at = at + 1 WHERE seq = 20');
    expect(await audit.verify()).toMatchObject({ is: 'broken', seq: 20 });
    await tamper('DELETE FROM audit WHERE seq = 20');
    expect(await audit.verify()).toMatchObject({ is: 'whole', entries: 19 });
    expect(await audit.verify(last)).toMatchObject({ is: 'broken', seq: 20 });
    await tamper('DELETE FROM audit WHERE seq = 12');
    expect(await audit.verify()).toMatchObject({ is: 'broken', seq: 12 });
  });
});
