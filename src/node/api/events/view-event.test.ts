import { expect, test } from 'vitest';
import { viewEvent } from './view-event.ts';

test('an event of an unknown kind is not shown', () => {
  expect(viewEvent({ seq: 1, at: 0, kind: 'secret', session: undefined, exchange: undefined, body: '{}' }, [])).toBeUndefined();
});
