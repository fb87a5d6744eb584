import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newProvisionalId, type TransactionIds, translate } from './transaction-ids.ts';

const P = 2 ** 30 + 5;
const ids: TransactionIds = {
  toCsms: (id) => (id === P ? 42 : undefined),
  toStation: (id) => (id === 42 ? P : undefined),
};
const both: TransactionIds = { toCsms: (id) => id + 1, toStation: (id) => id - 1 };

/** Every place of `transactionId` in a schema, as keys from the payload on. */
function placesIn(schema: object, path: readonly string[] = []): string[] {
  return Object.entries(schema).flatMap(([key, value]) => {
    if (typeof value !== 'object' || value === null) return [];
    const inner = key === 'properties' || key === 'items' ? path : [...path, key];
    return [...(key === 'transactionId' ? [inner.join('.')] : []), ...placesIn(value, inner)];
  });
}

describe('GW-K03: transaction ids of OCPP 1.6 are translated in the text of a frame', () => {
  test.each([
    ['[2,"1","StopTransaction",{"transactionId":1073741829,"meterStop":1}]', '[2,"1","StopTransaction",{"transactionId":42,"meterStop":1}]'],
    ['[2, "1", "MeterValues", { "connectorId" : 1, "transactionId" :\t1073741829 }]', '[2, "1", "MeterValues", { "connectorId" : 1, "transactionId" :\t42 }]'],
    ['[2,"1","MeterValues",{"transactionId":1073741829.0}]', '[2,"1","MeterValues",{"transactionId":42}]'],
    ['[2,"1","MeterValues",{"transaction\\u0049d":1073741829}]', '[2,"1","MeterValues",{"transaction\\u0049d":42}]'],
    ['[2,"1","Meter\\u0056alues",{"transactionId":1073741829}]', '[2,"1","Meter\\u0056alues",{"transactionId":42}]'],
    ['[2,"1","StopTransaction",{"transactionId":1073741829,"transactionId":1073741829}]', '[2,"1","StopTransaction",{"transactionId":42,"transactionId":42}]'],
  ])('to the CSMS: %s', (text, translated) => {
    expect(translate(text, 'to-csms', ids)).toBe(translated);
  });

  test.each([
    ['[3,"1",{"transactionId":42,"idTagInfo":{"status":"Accepted"}}]', `[3,"1",{"transactionId":${P},"idTagInfo":{"status":"Accepted"}}]`],
    ['[2,"1","RemoteStopTransaction",{"transactionId":42}]', `[2,"1","RemoteStopTransaction",{"transactionId":${P}}]`],
    [
      '[2,"1","SetChargingProfile",{"connectorId":42,"csChargingProfiles":{"transactionId":42,"stackLevel":42}}]',
      `[2,"1","SetChargingProfile",{"connectorId":42,"csChargingProfiles":{"transactionId":${P},"stackLevel":42}}]`,
    ],
    [
      '[2,"1","RemoteStartTransaction",{"idTag":"A","chargingProfile":{"transactionId":42}}]',
      `[2,"1","RemoteStartTransaction",{"idTag":"A","chargingProfile":{"transactionId":${P}}}]`,
    ],
  ])('to the station: %s', (text, translated) => {
    expect(translate(text, 'to-station', ids)).toBe(translated);
  });

  test.each([
    '[2,"1","DataTransfer",{"transactionId":1073741829}]',
    '[2,"1","StopTransaction",{"transactionId":"1073741829"}]',
    '[2,"1","StopTransaction",{"transactionId":7}]',
    '[2,"1","StopTransaction",{"transactionData":[{"transactionId":1073741829}]}]',
    '[2,"1","MeterValues",{"x":{"transactionId":1073741829}}]',
    '[2,"1","SetChargingProfile",{"csChargingProfiles":{"chargingSchedule":{"transactionId":1073741829}}}]',
    '[2,"1","SetChargingProfile",{"transactionId":1073741829}]',
    '[2,"1073741829","MeterValues",[{"transactionId":1073741829}]]',
    '[4,"1","InternalError","",{"transactionId":1073741829}]',
    '[2,"1","MeterValues",{"transactionId":1073741829}',
    '[2,"1","MeterValues",{"transactionId":1073741829,}]',
    '[2,"1","constructor",{"transactionId":1073741829}]',
    '{"transactionId":1073741829}',
    ']]]]{"transactionId":1073741829}',
    '"',
    '',
  ])('unchanged: %s', (text) => {
    expect(translate(text, 'to-csms', ids)).toBe(text);
  });

  test('the places are those of the official schemas', async () => {
    const schemas: Record<string, unknown> = await import('typed-ocpp/dist/ocpp16/schemas.js');
    const places = Object.entries(schemas).flatMap(([name, schema]) =>
      typeof schema === 'object' && schema !== null ? placesIn(schema).map((place) => `${name} ${place}`) : [],
    );
    expect(places.sort()).toEqual([
      'MeterValuesRequest transactionId',
      'RemoteStartTransactionRequest chargingProfile.transactionId',
      'RemoteStopTransactionRequest transactionId',
      'SetChargingProfileRequest csChargingProfiles.transactionId',
      'StartTransactionResponse transactionId',
      'StopTransactionRequest transactionId',
    ]);
  });

  const space = fc.constantFrom('', ' ', '\n', '\t \r');
  /** A JSON text with spaces anywhere, escapes in strings and keys that stand twice. */
  const json: fc.Arbitrary<string> = fc.letrec<{ value: string }>((tie) => {
    const string = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }).map((it) => JSON.stringify(it)),
      fc.constantFrom('"transactionId"', '"csChargingProfiles"', '"\\u0074ransactionId"', '"\\""', '"\\\\"', '"]}"'),
    );
    const number = fc.oneof(
      fc.integer().map(String),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((it) => JSON.stringify(it)),
      fc.constant('1E+2'),
    );
    const around = (it: fc.Arbitrary<string>) => fc.tuple(space, it, space).map((parts) => parts.join(''));
    const member = fc.tuple(around(string), tie('value')).map(([key, value]) => `${key}:${value}`);
    const list = fc.array(tie('value'), { maxLength: 4 }).map((them) => `[${them.join(',')}]`);
    const object = fc.array(member, { maxLength: 4 }).map((them) => `{${them.join(',')}}`);
    return { value: around(fc.oneof({ depthSize: 'small' }, string, number, fc.constantFrom('true', 'null'), list, object)) };
  }).value;

  test('only the number changes: the text before and after it stays, and all other values read the same', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.array(json, { maxLength: 3 }), fc.array(json, { maxLength: 3 })),
        fc.integer({ min: 1, max: 2 ** 31 - 2 }),
        space,
        ([before, after], id, gap) => {
          const other = (them: string[]) => them.map((it, n) => `"k${n}":${it}`);
          const text = (number: number) =>
            `[2,${gap}"1","StopTransaction",{${[...other(before), `"transactionId"${gap}:${gap}${number}${gap}`, ...other(after)].join(',')}}]`;
          expect(translate(text(id), 'to-csms', both)).toBe(text(id + 1));
          const [, , , payload] = JSON.parse(translate(text(id), 'to-csms', both));
          expect(payload.transactionId).toBe(id + 1);
        },
      ),
    );
  });

  test('any text at all: what is JSON stays JSON in which at most numbers differ, what is not stays as it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          json,
          json.map((it) => `[2,"1","MeterValues",${it}]`),
          fc.string(),
        ),
        (text) => {
          const translated = translate(text, 'to-csms', both);
          if (!isJson(text)) expect(translated).toBe(text);
          else expect([isJson(translated), withoutNumbers(translated)]).toEqual([true, withoutNumbers(text)]);
        },
      ),
    );
  });

  test('deep nesting and long texts are read in one pass, without recursion', () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const long = JSON.stringify('\\"'.repeat(200_000));
    const text = (id: number) => `[2,"1","MeterValues",{"a":${deep},"b":${long},"transactionId":${id}}]`;
    expect(translate(text(P), 'to-csms', ids) === text(42)).toBe(true);
  });
});

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};
/** Values are not compared: of a key that stands twice with an escape, JSON.parse of Node 24 gives the last value or the first. */
const withoutNumbers = (text: string): string => text.replaceAll(/-?\d+(\.\d+)?([eE][+-]?\d+)?/g, '0');

test('GW-K04: a provisional transaction id is in the upper half of 31 bits and not in use', () => {
  const drawn = [2 ** 30, 2 ** 30 + 1, 2 ** 31 - 2];
  const id = newProvisionalId(
    (it) => it < 2 ** 31 - 2,
    (from, to) => {
      expect([from, to]).toEqual([2 ** 30, 2 ** 31 - 1]);
      return drawn.shift() ?? expect.fail('asked once too often');
    },
  );
  expect(id).toBe(2 ** 31 - 2);
});
