import { describe, expect, test } from 'vitest';
import { openLog, withoutSecrets } from './log.ts';

function logged(level: Parameters<typeof openLog>[0]) {
  const lines: string[] = [];
  return { lines, log: openLog(level, { write: (line) => void lines.push(line) }) };
}

describe('the log of a node', () => {
  test('is one JSON object a line, with level, time, event and facts', () => {
    const { lines, log } = logged('info');
    log('info', 'answered', { exchange: 'x1', result: 'ACCEPTED' });
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      event: 'answered',
      exchange: 'x1',
      result: 'ACCEPTED',
    });
  });

  test('leaves out what is below its level', () => {
    const { lines, log } = logged('warn');
    log('info', 'ready', {});
    log('error', 'failed', {});
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['failed']);
  });

  test.each(['Authorization', 'token', 'token_a', 'password', 'uid', 'contract_id', 'contractId', 'response_url', 'responseUrl', 'encryptedToken'])(
    'SEC-25: %s is never written, however deep it stands',
    (name) => {
      expect(JSON.stringify(withoutSecrets({ outer: [{ [name]: 'canary' }] }))).toBe(`{"outer":[{"${name}":"***"}]}`);
    },
  );

  test.each([
    ['Authorization was Token Y2FuYXJ5', 'Authorization was Token ***'],
    ['POST https://emsp.example:8443/results/canary?secret=canary failed', 'POST https://emsp.example:8443 failed'],
    ['postgres://user:canary@db.example/evenkeel refused', 'postgres://db.example refused'],
  ])('SEC-25: texts keep what helps and lose what must not be known: %s', (text, kept) => {
    expect(withoutSecrets({ error: new Error(text), text })).toEqual({ error: kept, text: kept });
  });
});
