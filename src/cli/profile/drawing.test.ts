import { describe, expect, test } from 'vitest';
import { drawSvg } from './draw-svg.ts';
import { drawText } from './draw-text.ts';
import { type Drawing, readDrawings } from './drawing.ts';

const period = [
  { startPeriod: 0, limit: 16 },
  { startPeriod: 600, limit: 8.1 },
];
const schedule = { chargingRateUnit: 'A', chargingSchedulePeriod: period };
const start = '2026-03-10T07:30:00Z';
const fields21 = { id: 7, stackLevel: 2, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Absolute', transactionId: 'tx-1' };
const installed = { ...fields21, chargingSchedule: [{ id: 1, ...schedule, startSchedule: start, duration: 900 }] };
const profile16 = { chargingProfileId: 7, stackLevel: 2, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Relative', chargingSchedule: schedule };
const ocpi = {
  charging_rate_unit: 'A',
  charging_profile_period: [
    { start_period: 0, limit: 16 },
    { start_period: 600, limit: 8.1 },
  ],
};

const drawingsOf = (value: unknown): readonly Drawing[] => {
  const read = readDrawings(value);
  if (!read.ok) throw new Error(read.problem);
  return read.value;
};
const stepsOf = (value: unknown) =>
  drawingsOf(value)
    .slice(0, 1)
    .flatMap((drawing) => drawText(drawing, 80).slice(12));
const absolute = ['2026-03-10 07:30:00  16 A', '2026-03-10 07:40:00  8.1 A', '2026-03-10 07:45:00  end'];
const relative = ['+0:00:00  16 A', '+0:10:00  8.1 A', '+0:12:30  and so on'];

describe('a drawing', () => {
  test.each([
    ['a ChargingProfile of OCPI', ocpi, relative],
    ['an ActiveChargingProfile', { start_date_time: start, charging_profile: { ...ocpi, duration: 900 } }, absolute],
    ['a profile of OCPP 1.6', profile16, relative],
    ['a SetChargingProfile request of OCPP 1.6', { connectorId: 1, csChargingProfiles: profile16 }, relative],
    ['a profile of OCPP 2.x', installed, absolute],
    ['a SetChargingProfile request of OCPP 2.x', { evseId: 1, chargingProfile: installed }, absolute],
    [
      'a ReportChargingProfiles request with two profiles',
      { requestId: 1, evseId: 1, chargingLimitSource: 'CSO', chargingProfile: [installed, installed] },
      absolute,
    ],
    ['a composite schedule of OCPP 1.6', { status: 'Accepted', scheduleStart: start, chargingSchedule: { ...schedule, duration: 900 } }, absolute],
    ['a composite schedule of OCPP 2.x', { status: 'Accepted', schedule: { ...schedule, scheduleStart: start, duration: 900 } }, absolute],
  ])('can be read from %s', (_, value, steps) => expect(stepsOf(value)).toEqual(steps));

  test('shows one day of a daily profile, and the times without a limit', () => {
    const daily = { ...installed, chargingProfileKind: 'Recurring', recurrencyKind: 'Daily' };
    expect(stepsOf(daily)).toEqual([...absolute.slice(0, 2), '2026-03-10 07:45:00  no limit', '2026-03-11 07:30:00  end']);
  });
  test('is cut to the validity of a profile', () => {
    expect(stepsOf({ ...installed, validFrom: '2026-03-10T07:35:00Z', validTo: '2026-03-10T07:41:00Z' })).toEqual([
      '2026-03-10 07:35:00  16 A',
      '2026-03-10 07:40:00  8.1 A',
      '2026-03-10 07:41:00  end',
    ]);
  });
  test.each([[-1], [undefined], [999_999]])('shows the limit %s of a composite schedule as no limit', (limit) => {
    const periods = [
      { startPeriod: 0, limit },
      { startPeriod: 60, limit: 8 },
    ];
    expect(stepsOf({ ...schedule, chargingSchedulePeriod: periods, duration: 90 })).toEqual(['+0:00:00  no limit', '+0:01:00  8 A', '+0:01:30  end']);
  });
  test('CP-22: ignores the duration of a composite schedule when it is more than a year', () =>
    expect(stepsOf({ ...schedule, duration: 8_638_204_675_089 }).at(-1)).toBe('+0:12:30  end'));
  test.each([
    [[], 'body: found an empty list, allowed: an object'],
    [{ chargingProfile: {} }, 'chargingProfile.chargingProfileKind: missing'],
    [{ ...installed, validTo: '2026-03-10T07:00:00Z' }, 'validTo: found "2026-03-10T07:00:00Z", allowed: a moment at which the profile has begun'],
    [
      { evse_profiles: [], unit: 'A', evse_max: 32, from: start, to: '2036-03-10T07:30:00Z' },
      'to: found "2036-03-10T07:30:00Z", allowed: a moment after from, within 366 days',
    ],
  ])('cannot be read from %j', (value, problem) => expect(readDrawings(value)).toMatchObject({ ok: false, problem: expect.stringContaining(problem) }));
});

describe('an SVG document', () => {
  const svg = (value: unknown) => drawingsOf(value).map(drawSvg).join('');

  test('has a line of steps on axes with unit and times, and colours for light and dark', () => {
    const drawn = svg(installed);
    for (const part of [
      'A per phase',
      '>07:30<',
      '>20<',
      'prefers-color-scheme: dark',
      '<title>TxProfile 7, Absolute, stack level 2, transaction tx-1</title>',
    ])
      expect(drawn).toContain(part);
    expect(drawn).toContain('<path class="line" d="M78 114.8H570V215.1H816"/>');
  });
  test('SEC-20: escapes markup in text of others', () => {
    const drawn = svg({ ...installed, transactionId: `</text><script>alert("1")&'\u0007\u001b` });
    expect(drawn).toContain('transaction &lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&amp;&#39;<');
    for (const part of ['<script', '\u0007', '\u001b']) expect(drawn).not.toContain(part);
  });
  test('hatches the times without a limit', () => {
    expect(svg({ ...installed, chargingProfileKind: 'Recurring', recurrencyKind: 'Daily' })).toContain('>no limit</text>');
  });
  test('SEC-20: text of others cannot control the terminal', () => {
    const [first = ''] = drawingsOf({ ...installed, transactionId: '\u001b[2J\r' }).flatMap((drawing) => drawText(drawing, 80));
    expect(first).toBe('TxProfile 7, Absolute, stack level 2, transaction ·[2J·; A per phase');
  });
});
