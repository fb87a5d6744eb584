import { expect, test } from 'vitest';
import { parseConfig } from '../../config/config-file.ts';
import { checkPasswords } from './passwords.ts';

function findingsOf(passwords: readonly string[], profile: 1 | 3 = 1) {
  const points = passwords.map(
    (password, n) =>
      `  - { id: CP${n}, password: ${password}, location_id: LOC1, evses: [{ uid: CP${n}-1, evse_id: 1, power_type: DC, max_voltage: 800, max_amperage: 200 }] }`,
  );
  const config = parseConfig(`public_url: https://cpo.example
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]
ocpp: { security_profile: ${profile}${profile === 3 ? ', tls: { cert: c, key: k, ca: a }' : ''} }
${points.length > 0 ? `charge_points:\n${points.join('\n')}` : ''}`);
  return config.ok ? checkPasswords(config.value) : config.problem;
}

test('R-17: a password of 8 to 15 characters is allowed, and the finding names its charge point and what to do', () => {
  expect(findingsOf(['abcdefgh', 'abcdefghijklmno', 'abcdefghijklmnop'])).toEqual([
    {
      check: 'passwords',
      ok: true,
      advice: true,
      message: 'CP0, CP1: shorter than 16 characters, so easier to guess; set a random one of 16 to 40 characters at the charge point and under charge_points',
    },
  ]);
});

test('of many only five are named, and never a password', () => {
  const [finding] = findingsOf(Array(7).fill('abcdefgh'));
  expect(finding).toMatchObject({ message: expect.stringMatching(/^CP0, CP1, CP2, CP3, CP4 and 2 more: shorter/) });
  expect(JSON.stringify(finding)).not.toContain('abcdefgh');
});

test('long passwords pass; without charge points, and with client certificates, there is nothing to check', () => {
  expect(findingsOf(['abcdefghijklmnop'])).toEqual([{ check: 'passwords', ok: true, message: 'each charge point has one of 16 characters or more' }]);
  expect([findingsOf([]), findingsOf(['abcdefgh'], 3)]).toEqual([[], []]);
});
