import { afterEach, expect } from 'vitest';
import { checksOfSentFrames } from '../../sim/charge-point/sent-frames.ts';

// Strict in what we send: every OCPP frame that a node sends to a simulated station in any test fits its official schema.
// In sim/ the stations talk to a bare server, which is no node.
afterEach(async () => {
  const found = (await Promise.all(checksOfSentFrames.splice(0))).filter((it) => it !== undefined);
  if (!expect.getState().testPath?.includes('/sim/')) expect(found, 'frames that violate the official schemas').toEqual([]);
});
