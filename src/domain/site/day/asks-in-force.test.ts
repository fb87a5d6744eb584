import { expect, test } from 'vitest';
import { partyKey } from '../../ids.ts';
import { amperes, seconds } from '../../units.ts';
import { type AcceptedAsk, asksInForce } from './asks-in-force.ts';

const [emsp, scsp, operator] = [partyKey('NL', 'MSP'), partyKey('NL', 'SCS'), partyKey('NL', 'OPR')];
const set = (by: typeof emsp, limit: number, more: { keepsOthers?: true } = {}): AcceptedAsk => ({
  by,
  ask: { kind: 'set', profile: { unit: 'A', periods: [{ start: seconds(0), limit: amperes(limit) }] }, ...more },
});
const clear = (by: typeof emsp, clearsAll = false): AcceptedAsk => ({ by, ask: { kind: 'clear' }, clearsAll });

test.each([
  { after: 'one set', asks: [set(emsp, 16)], stand: [emsp] },
  { after: 'a set of another party', asks: [set(emsp, 16), set(scsp, 8)], stand: [scsp] },
  { after: 'a lower limit of the operator beside it', asks: [set(emsp, 16), set(operator, 8, { keepsOthers: true })], stand: [emsp, operator] },
  { after: 'a new set below the limit of the operator', asks: [set(operator, 8, { keepsOthers: true }), set(emsp, 16)], stand: [operator, emsp] },
  { after: 'a set of the operator that replaces', asks: [set(emsp, 16), set(operator, 8)], stand: [operator] },
  { after: 'a clear of the party', asks: [set(emsp, 16), clear(emsp)], stand: [] },
  { after: 'a clear of another party', asks: [set(emsp, 16), clear(scsp)], stand: [emsp] },
  { after: 'a clear of the operator for all', asks: [set(emsp, 16), clear(operator, true)], stand: [] },
])('CON-V02: after $after these profiles stand: $stand', ({ asks, stand }) => expect(asksInForce(asks).map(({ by }) => by)).toEqual(stand));
