import { describe, expect, test } from 'vitest';
import { maskFrame } from './mask-frame.ts';

const masked = (...frame: unknown[]): unknown => JSON.parse(maskFrame(JSON.stringify(frame)));

describe('CON-F02: an OCPP message is kept without the card of a driver and without secrets', () => {
  test.each<[string, unknown[], unknown[]]>([
    ['a card of OCPP 1.6', [2, '1', 'Authorize', { idTag: 'DEADBEEF' }], [2, '1', 'Authorize', { idTag: '****BEEF' }]],
    [
      'the group of a card',
      [3, '1', { idTagInfo: { status: 'Accepted', parentIdTag: 'FAMILY0001' } }],
      [3, '1', { idTagInfo: { status: 'Accepted', parentIdTag: '****0001' } }],
    ],
    [
      'a token of OCPP 2.x',
      [2, '1', 'TransactionEvent', { idToken: { idToken: 'A1B2C3D4E5', type: 'ISO14443', additionalInfo: [{ additionalIdToken: 'x', type: 'y' }] } }],
      [2, '1', 'TransactionEvent', { idToken: { idToken: '****D4E5', type: 'ISO14443', additionalInfo: [{ additionalIdToken: '***', type: 'y' }] } }],
    ],
    ['text of any kind', [2, '1', 'DataTransfer', { vendorId: 'V', data: 'card 77' }], [2, '1', 'DataTransfer', { vendorId: 'V', data: '*** (7 characters)' }]],
    [
      'the password of a station in OCPP 1.6',
      [3, '1', { configurationKey: [{ key: 'AuthorizationKey', readonly: false, value: 'secret' }] }],
      [3, '1', { configurationKey: [{ key: 'AuthorizationKey', readonly: false, value: '***' }] }],
    ],
    [
      'the password of a station in OCPP 2.x',
      [2, '1', 'SetVariables', { setVariableData: [{ attributeValue: 'secret', variable: { name: 'BasicAuthPassword' } }] }],
      [2, '1', 'SetVariables', { setVariableData: [{ attributeValue: '***', variable: { name: 'BasicAuthPassword' } }] }],
    ],
    [
      'a value that an error quotes',
      [4, '1', 'TypeConstraintViolation', 'idTag: found "DEADBEEFDEADBEEFDEADBEEF", allowed: 20 characters', {}],
      [4, '1', 'TypeConstraintViolation', 'idTag: found "***", allowed: 20 characters', {}],
    ],
    ['another error', [4, '1', 'NotSupported', 'no "smart charging"', {}], [4, '1', 'NotSupported', 'no "smart charging"', {}]],
  ])('%s', (_what, frame, shown) => expect(masked(...frame)).toEqual(shown));

  test('a name that is written with escapes is masked too', () => {
    expect(maskFrame('[2,"1","Authorize",{"\\u0069dTag":"DEADBEEF"}]')).toBe('[2,"1","Authorize",{"idTag":"****BEEF"}]');
  });
  test('of a text that is not JSON and names a card, only the length stays', () => {
    expect(maskFrame('[2,"1","Authorize",{"idTag":"DEADBEEF"')).toBe('*** (38 characters that are not JSON)');
  });
  test('any other message is kept as it is, to the letter', () => {
    const text = '[2, "1","MeterValues",{"connectorId":1}]';
    expect(maskFrame(text)).toBe(text);
  });
});
