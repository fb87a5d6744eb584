import { describe, expect, test } from 'vitest';
import { openLog, withoutSecrets } from './log.ts';

function logged(level: Parameters<typeof openLog>[0]) {
  const lines: string[] = [];
  return { lines, log: openLog(level, { write: (line) => void lines.push(line) }) };
}

describe('the log of a node', () => {
  test('writes one JSON object per line, with level, time, event and facts', () => {
    const { lines, log } = logged('info');
    log('info', 'request-answered', { exchange: 'x1', result: 'ACCEPTED' });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      event: 'request-answered',
      exchange: 'x1',
      result: 'ACCEPTED',
    });
  });

  test('omits events below its level', () => {
    const { lines, log } = logged('warn');
    log('info', 'ready', {});
    log('error', 'failed', {});
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['failed']);
  });

  test.each(['Authorization', 'token', 'token_a', 'password', 'uid', 'contract_id', 'contractId', 'response_url', 'responseUrl', 'encryptedToken'])(
    'SEC-25: %s is never written, at any depth',
    (name) => {
      expect(JSON.stringify(withoutSecrets({ outer: [{ [name]: 'canary' }] }))).toBe(`{"outer":[{"${name}":"***"}]}`);
    },
  );

  test.each([
    ['Authorization was Token Y2FuYXJ5', 'Authorization was Token ***'],
    ['POST https://emsp.example:8443/results/canary?secret=canary failed', 'POST https://emsp.example:8443 failed'],
    ['postgres://user:canary@db.example/evenkeel refused', 'postgres://db.example refused'],
  ])('SEC-25: texts keep origins and lose tokens, paths and passwords: %s', (text, kept) => {
    expect(withoutSecrets({ error: new Error(text), text })).toEqual({ error: kept, text: kept });
  });
});
