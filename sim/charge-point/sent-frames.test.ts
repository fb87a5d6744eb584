import { expect, test } from 'vitest';
import { checkSentFrame, checksOfSentFrames } from './sent-frames.ts';

test.each([
  [[3, 'a', {}], 'Heartbeat', "OCPP 1.6 HeartbeatResponse: payload must have required property 'currentTime' in {}"],
  [[3, 'a', { currentTime: '2026-03-10T07:30:00Z' }], 'Heartbeat', undefined],
  [[2, 'a', 'ClearChargingProfile', { id: 'x' }], undefined, 'OCPP 1.6 ClearChargingProfileRequest: /id must be integer in {"id":"x"}'],
  [[2, 'a', 'ClearChargingProfile', { id: 7, odd: 1 }], undefined, expect.stringContaining('must NOT have additional properties')],
  [[2, 'a'.repeat(37), 'ClearChargingProfile', { id: 7 }], undefined, expect.stringContaining('the id of')],
  [[4, 'a', 'GenericError', 'x'.repeat(256), {}], undefined, expect.stringContaining('the parts of')],
  [[4, 'a', 'GenericError', '', {}], undefined, undefined],
])('%j in answer to %s: %s', async (frame, answered, violation) => {
  checkSentFrame(frame, { subprotocol: 'ocpp1.6', answered });
  expect(await checksOfSentFrames.pop()).toEqual(violation);
});
