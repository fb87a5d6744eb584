import { expect, test } from 'vitest';
import { runCommand } from '../command.ts';
import { openApiClient } from '../operator-api.ts';
import { resultUrl, upTo } from '../profile-requests.ts';
import { openWorld } from '../world.ts';

type Line = { level: string; event: string; facts: Readonly<Record<string, unknown>> };

test('F-70: a result that the proxy of a partner answers with 502 is a warning in the log, and the exchange says what was not delivered', async () => {
  const lines: Line[] = [];
  await using world = await openWorld({ log: (level, event, facts) => lines.push({ level, event, facts }) });
  const emsp = await world.emsp();
  const station = await world.station('CP-201');
  const session = await world.charging(emsp, station);
  emsp.behave({ callback: { is: 'answer', http: 502, body: '<html>Bad Gateway</html>', contentType: 'text/html' } });
  await emsp.set(session, upTo(10), { responseUrl: resultUrl(emsp, 'secret-path') });
  const ended = await world.firstStep('outcome');

  const origin = new URL(resultUrl(emsp, '')).origin;
  const { body } = await (await openApiClient(world.node())).request('GET exchanges');
  const [exchange] = (body as { items: Record<string, string>[] }).items;
  expect(exchange).toMatchObject({ state: 'UNDELIVERED', outcome: 'ACCEPTED', result: 'ACCEPTED', delivery: 'UNDELIVERED', reason: 'http_5xx: 502' });
  expect(lines.filter(({ level }) => level === 'warn')).toEqual([
    {
      level: 'warn',
      event: 'result-undelivered',
      facts: {
        ...{ step: 'result-undelivered', exchange: ended.exchange, kind: 'set', session: exchange?.session, peer: 'NL*MSP', origin },
        ...{ httpStatus: 502, reason: 'http_5xx: 502', result: 'ACCEPTED', correlationId: exchange?.correlation_id },
      },
    },
  ]);

  const { key } = await world.node().keys.add({ name: 'people', scope: 'view' });
  const at = ['--url', world.node().publicUrl, '--key', key];
  const list = await runCommand('exchanges', ...at);
  expect(list.stdout.split('\n')[0]?.split(/ +/)).toEqual(['TIME', 'REQUEST', 'SESSION', 'WITH', 'RESULT', 'DELIVERY', 'EXCHANGE']);
  expect(list.stdout).toMatch(/ACCEPTED +UNDELIVERED +/);

  const one = await runCommand('exchange', ended.exchange, ...at);
  expect(one.code).toBe(0);
  for (const text of [/result +ACCEPTED/, /delivery +UNDELIVERED/, /reason +http_5xx: 502/, /X-Correlation-ID +\S/]) expect(one.stdout).toMatch(text);
  for (const message of [
    'NL*MSP -> node  OCPI PUT chargingprofiles',
    'node -> CP-201  OCPP SetChargingProfile',
    'node -> NL*MSP  OCPI POST response_url (set)',
  ])
    expect(one.stdout).toContain(message);
  expect(one.stdout).not.toContain('secret-path');
  expect(JSON.parse((await runCommand('exchange', ended.exchange, '--json', ...at)).stdout)).toMatchObject({ exchange: { id: ended.exchange } });
  const none = await runCommand('exchange', 'nothing', ...at);
  expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining('no exchange "nothing"') });
});
