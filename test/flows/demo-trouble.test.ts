import { expect, test } from 'vitest';
import { openDemo } from '../../src/cli/demo/open.ts';
import { DELAY } from '../../src/cli/demo/slow-party.ts';
import type { Node, Step } from '../../src/node/index.ts';
import { openApiClient, requestApi } from '../operator-api.ts';
import { openWorld } from '../world.ts';

type Named<N extends Step['step']> = Extract<Step, { step: N }>;

/** The next step of this name that matches; the caller causes it after the call. */
const nextStep = <N extends Step['step']>(node: Node, name: N, matches: (step: Named<N>) => boolean = () => true) =>
  new Promise<Named<N>>((resolve) => {
    const stop = node.journal.onStep((step) => {
      if (step.step !== name || !matches(step as Named<N>)) return;
      stop();
      resolve(step as Named<N>);
    });
  });

// Real nodes and charge points on a clock of 20 times the speed.
test('CON-S02: an operator of a demo troubles its world by audited requests, and each has an effect', async () => {
  const lines: string[] = [];
  const options = { seed: 'tide', speed: 20, port: 0, topologies: ['emsp'] } as const;
  await using demo = await openDemo(options, { print: (line) => void lines.push(line) });
  const { cpo } = demo;
  const { request } = await openApiClient(cpo);
  const trouble = async (act: string, of: string) => (await request('POST demo/trouble', { act, of })).status;
  const view = async () => Object((await request('GET demo/trouble')).body);
  const stationIn = (it: { stations: { id: string }[] }, id: string) => it.stations.find((station) => station.id === id);

  expect(await view()).toMatchObject({
    parties: [{ party: 'NL*MSP', name: 'Evenkeel eMSP', delay: 0, delayed: false }],
    sites: [{ name: 'street', fuse: 50, halved: false }],
    delay: DELAY,
  });
  expect((await view()).stations.filter((it: { fault?: string }) => it.fault)).toEqual([
    { id: 'IVY-1', connected: true, fault: 'draws-above' },
    { id: 'BAY-1', connected: true, fault: 'silent' },
    { id: 'MAY-1', connected: true, fault: 'forgets' },
  ]);

  const away = nextStep(cpo, 'station-disconnected', (it) => it.station === 'OAK-1');
  expect([await trouble('cut', 'OAK-1'), await trouble('cut', 'OAK-1'), await trouble('cut', 'NOWHERE')]).toEqual([200, 409, 409]);
  await away;
  expect(stationIn(await view(), 'OAK-1')).toEqual({ id: 'OAK-1', connected: false });
  const back = nextStep(cpo, 'station-connected', (it) => it.station === 'OAK-1');
  expect(await trouble('connect', 'OAK-1')).toBe(200);
  await back;
  const restarted = nextStep(cpo, 'station-connected', (it) => it.station === 'ELM-1');
  expect(await trouble('reboot', 'ELM-1')).toBe(200);
  await restarted;

  expect([await trouble('halve', 'street'), (await view()).sites]).toEqual([200, [{ name: 'street', fuse: 25, halved: true }]]);
  expect([await trouble('restore', 'street'), (await view()).sites[0].halved]).toEqual([200, false]);
  expect([await trouble('delay', 'NL*MSP'), (await view()).parties[0]]).toMatchObject([200, { delay: DELAY, delayed: true }]);
  const sent = demo.clock.now();
  await fetch(`${demo.emsp?.publicUrl}/ocpi/versions`);
  expect(demo.clock.now() - sent).toBeGreaterThanOrEqual(DELAY * 1000);
  expect([await trouble('hurry', 'NL*MSP'), (await view()).parties[0].delayed]).toEqual([200, false]);

  await nextStep(cpo, 'session-pushed');
  const [car] = (await view()).cars;
  expect(car).toEqual({ evse: expect.any(String), driver: expect.stringMatching(/^\p{Lu}\p{Ll}+$/u) });
  const ended = nextStep(cpo, 'session-changed', (it) => it.status === 'COMPLETED');
  expect(await trouble('leave', car.evse)).toBe(200);
  await ended;
  expect((await view()).cars.map((it: { evse: string }) => it.evse)).not.toContain(car.evse);

  const audit = Object((await request('GET audit')).body).items;
  expect(audit).toContainEqual(expect.objectContaining({ act: 'cause-trouble', subject: 'OAK-1', says: 'cut', by: expect.objectContaining({ kind: 'key' }) }));
  expect(lines.join('\n')).toMatch(/operator → demo +halves the fuse of street/);
  const viewer = await openApiClient(cpo, 'view');
  expect((await viewer.request('POST demo/trouble', { act: 'cut', of: 'OAK-1' })).status).toBe(403);
  expect((await requestApi(cpo.publicUrl, 'GET demo/trouble', {})).status).toBe(401);
});

test('CON-S02: a node that is not a demo has no such route, whatever its configuration', async () => {
  await using world = await openWorld({ config: { console: {} } });
  const { request } = await openApiClient(world.node());
  expect((await request('GET demo/trouble')).status).toBe(404);
  expect(Object.keys(Object((await request('GET openapi.json')).body.paths))).not.toContain('/demo/trouble');
  expect((await request('GET me')).body).toMatchObject({ signed_in: true, node: expect.not.objectContaining({ trouble: expect.anything() }) });
});
