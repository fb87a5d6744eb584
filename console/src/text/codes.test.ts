import { expect, test } from 'vitest';
import { EXCHANGE_STATES, RESPONSES } from '../../../src/domain/exchange.ts';
import { PEER_STATES } from '../../../src/domain/party.ts';
import { routes } from '../../../src/node/api/all-routes.ts';
import { REFUSALS } from '../../../src/node/api/refusal.ts';
import { acts } from '../../../src/node/api/route.ts';
import { SECURITY_KINDS } from '../../../src/node/core/security-event.ts';
import { ACTORS } from '../../../src/store/sql/audit.ts';
import { en } from './en.ts';

const without = (table: object, codes: readonly string[]) => codes.filter((it) => !Object.hasOwn(table, it));

test('CON-T03: every value that the node sends for a state, an outcome or an actor has a word', () => {
  expect(without(en.values, [...EXCHANGE_STATES, ...RESPONSES, ...PEER_STATES, 'OPEN', 'UNKNOWN', 'UNCERTAIN', 'CANCELLED'])).toEqual([]);
  expect(
    without(
      en.values,
      ACTORS.map((it) => it.toUpperCase()),
    ),
  ).toEqual([]);
});

test('CON-T03: every kind of security event, and every action that is audited, has a word', () => {
  expect(without(en.security, SECURITY_KINDS)).toEqual([]);
  expect(
    without(
      en.actions,
      routes.filter((it) => acts(it) && it.isReading === undefined).map(({ name }) => name),
    ),
  ).toEqual([]);
});

test('CON-T03: every code of a refusal has a sentence, or says by itself that nothing was sent', () => {
  const notSent: string[] = [...RESPONSES, 'NOT_CONNECTED', 'CODE_NEEDED'];
  expect(
    without(
      en.errors.codes,
      REFUSALS.filter((it) => !notSent.includes(it)),
    ),
  ).toEqual([]);
});
