import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../config/config-file.ts';
import { showConfig } from '../../config/show-config.ts';
import { checkAlarms } from './alarms.ts';

const SECRET = '0123456789abcdef';
const read = (webhook: string, more = '') =>
  parseConfig(`public_url: https://cpo.example
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]
alarms: { webhook: "${webhook}", secret: ${SECRET} }
${more}`);
async function findingOf(webhook: string, addresses: readonly string[], more = '') {
  const config = read(webhook, more);
  if (!config.ok) return config.problem[0]?.says;
  const [finding] = await checkAlarms(config.value, async () => addresses);
  return finding && `${finding.ok ? 'ok' : 'FAIL'} ${finding.message}`;
}

/** Webhook, addresses of its host, further settings, and what the check says. */
const cases: readonly (readonly [string, readonly string[], string, string | RegExp])[] = [
  ['https://hooks.example/x', ['93.184.216.34'], '', 'ok alarms from warning on are sent to https://hooks.example'],
  [
    'https://hooks.example/x',
    ['10.1.2.3'],
    '',
    /^FAIL alarms.webhook leads to 10.1.2.3, which is not public: to allow it, list it or its range under reachable/,
  ],
  ['https://hooks.example/x', ['10.1.2.3'], 'reachable: [10.0.0.0/8]', 'ok alarms from warning on are sent to https://hooks.example'],
  ['https://hooks.example/x', [], '', /^FAIL no address found for hooks.example/],
  ['http://hooks.example/x', [], '', /^found http:\/\//],
  ['https://user:word@hooks.example/x', [], '', /^found a URL that is relative or has a user name/],
];

describe('the check of the webhook of alarms', () => {
  test.each(cases)('CON-B04: %s at %s %s', async (webhook, addresses, ...[more, expected]) => {
    expect(await findingOf(webhook, addresses, more)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
  });

  test('CON-B04: secret and path of the URL are not shown, in the configuration or in a mistake', () => {
    const config = read('https://hooks.example/services/T0/secret-path');
    if (!config.ok) throw new Error('refused');
    const shown = showConfig(config.value);
    expect(shown).toContain('webhook: https://hooks.example/***');
    expect(shown).not.toMatch(/secret-path|0123456789abcdef/);
    const wrong = parseConfig('public_url: https://a.example\nparties: []\nalarms: { webhook: "ftp://secret-path", secret: short }');
    expect(JSON.stringify(wrong)).not.toMatch(/secret-path|short"/);
  });
});
