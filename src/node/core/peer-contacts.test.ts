import { describe, expect, test } from 'vitest';
import { peerId } from '../../domain/ids.ts';
import { epochMillis } from '../../domain/units.ts';
import { PeerContacts } from './peer-contacts.ts';

const peer = peerId('NL*MSP');
const contactsAfter = (...outcomes: readonly (readonly [outcome: string, httpStatus?: number])[]) => {
  const contacts = new PeerContacts({ clock: { now: () => epochMillis(7) }, metrics: { keep: () => undefined, show: () => undefined } });
  for (const [outcome, status] of outcomes) contacts.note(peer, outcome, status);
  return contacts.failing();
};

describe('peers that cannot be reached', () => {
  test.each([
    ['two failures are not enough', [['timeout'], ['timeout']], []],
    ['three in a row are', [['timeout'], ['dns'], ['http_5xx', 502]], [{ peer, count: 3, because: 'HTTP 502', first: 7, last: 7 }]],
    ['a success between them ends them', [['timeout'], ['timeout'], ['success', 200], ['timeout']], []],
    ['a refusal of the content is an answer', [['timeout'], ['timeout'], ['ocpi_2xxx', 200], ['timeout']], []],
    ['an object that the peer does not have is an answer', [['timeout'], ['timeout'], ['http_4xx', 404], ['timeout']], []],
    [
      'a token that the peer does not know is a failure',
      [
        ['http_4xx', 401],
        ['http_4xx', 401],
        ['http_4xx', 401],
      ],
      [{ peer, count: 3, because: 'HTTP 401', first: 7, last: 7 }],
    ],
  ] as const)('CON-B01: %s', (_name, outcomes, failing) => {
    expect(contactsAfter(...outcomes)).toEqual(failing);
  });
});
