import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Frame, parseFrame, printFrame } from './frame.ts';

const id = fc.string({ minLength: 1, maxLength: 64 });
const text = fc.string({ maxLength: 64 });
const payload = fc.dictionary(text, fc.jsonValue()).map((it): unknown => JSON.parse(JSON.stringify(it)));
const anyFrame: fc.Arbitrary<Frame> = fc.oneof(
  fc.record({ type: fc.constantFrom('call' as const, 'send' as const), id, action: text, payload }),
  fc.record({ type: fc.constant('result' as const), id, payload }),
  fc.record({ type: fc.constantFrom('error' as const, 'result-error' as const), id, code: text, description: fc.string({ maxLength: 255 }) }),
);

describe('frames', () => {
  test('a printed frame is parsed to the same frame', () => {
    fc.assert(fc.property(anyFrame, (frame) => void expect(parseFrame(printFrame(frame))).toEqual({ ok: true, value: frame })));
  });

  test('no text makes the parser throw', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void expect(() => parseFrame(text)).not.toThrow()));
  });

  test.each([
    ['', { isCall: true, problem: 'not a JSON array' }],
    ['{"2":1}', { isCall: true, problem: 'not a JSON array' }],
    ['[7,"a"]', { isCall: false, problem: 'message type is none of 2, 3, 4, 5, 6' }],
    ['["2","a","Heartbeat",{}]', { isCall: false, problem: 'message type is none of 2, 3, 4, 5, 6' }],
    ['[2,"","Heartbeat",{}]', { isCall: true, problem: 'message id is not a text of 1 to 64 characters' }],
    ['[3,1,{}]', { isCall: false, problem: 'message id is not a text of 1 to 64 characters' }],
    ['[2,"a",1,{}]', { isCall: true, id: 'a', problem: 'not the parts of a message of type 2' }],
    ['[2,"a"]', { isCall: true, id: 'a', problem: 'not the parts of a message of type 2' }],
  ])('%s is not a frame', (text, problem) => {
    expect(parseFrame(text)).toEqual({ ok: false, problem });
  });

  test.each(['[4,"a","GenericError"]', '[4,"a","GenericError",null,null]'])('%s: an error may have no description', (text) => {
    expect(parseFrame(text)).toEqual({ ok: true, value: { type: 'error', id: 'a', code: 'GenericError', description: '' } });
  });

  test.each<[string, Frame]>([
    ['[4,"a"]', { type: 'error', id: 'a', code: 'GenericError', description: '', odd: 'an error without a code' }],
    ['[4,"a",null,null,null]', { type: 'error', id: 'a', code: 'GenericError', description: '', odd: 'an error without a code' }],
    ['[4,"a",7,7,{}]', { type: 'error', id: 'a', code: 'GenericError', description: '', odd: 'an error without a code' }],
    ['[4,"a","GenericError","","",1]', { type: 'error', id: 'a', code: 'GenericError', description: '', odd: '6 parts' }],
    ['[3,"a"]', { type: 'result', id: 'a', payload: undefined, odd: '2 parts' }],
    ['[3,"a",{},{}]', { type: 'result', id: 'a', payload: {}, odd: '4 parts' }],
    ['[2,"a","Heartbeat"]', { type: 'call', id: 'a', action: 'Heartbeat', payload: undefined, odd: '3 parts' }],
    ['[2,"a","Heartbeat",{},1]', { type: 'call', id: 'a', action: 'Heartbeat', payload: {}, odd: '5 parts' }],
  ])('F-26: %s is read as far as it goes', (text, frame) => {
    expect(parseFrame(text)).toEqual({ ok: true, value: frame });
  });

  test('a long description is cut at 255 characters', () => {
    const [, , , description] = JSON.parse(printFrame({ type: 'error', id: 'a', code: 'GenericError', description: 'x'.repeat(300) }));
    expect(description).toHaveLength(255);
  });
});
