import { expect, test } from 'vitest';
import { buildCar } from '../../sim/index.ts';
import { type Broker, lacksMosquitto, openBroker, USER } from '../mosquitto.ts';
import { badge } from '../world.ts';
import { currentOf, openGarage, SITE } from './garage.fixture.ts';

type Mqtt = NonNullable<NonNullable<(typeof SITE)['meter']>['mqtt']>;
const TOPIC = 'building/meter';
const meterAt = (mqtt: Omit<Mqtt, 'topic' | 'qos'> & Partial<Mqtt>) => ({
  ...SITE,
  limit: { a: 40 },
  meter: { fallback: { a: 9 }, margin: 2, mqtt: { topic: TOPIC, qos: 1 as const, ...mqtt } },
});

/** A garage with one car whose meter is at the broker; `logged` has every line of the log. */
async function openMetered(mqtt: Parameters<typeof meterAt>[0]) {
  const logged: string[] = [];
  const it = await openGarage('sqlite', { sites: [meterAt(mqtt)] }, (...line) => logged.push(JSON.stringify(line)));
  await it.stations[0].plugIn(1, { car: buildCar(), idToken: badge });
  await it.limited('CP-16-1', 9);
  return { ...it, logged };
}
type Metered = Awaited<ReturnType<typeof openMetered>>;

/** Publishes a reading each second, until the charge point answers a limit. */
async function publishUntil({ limited }: Metered, broker: Broker, { message, current }: { message: object; current: number }): Promise<void> {
  let done = false;
  const answered = limited('CP-16-1', current).finally(() => {
    done = true;
  });
  while (!done) await broker.publish(TOPIC, JSON.stringify(message));
  await answered;
}

test.skipIf(lacksMosquitto)('the cars share what a meter at an MQTT broker leaves; old, unreadable and other messages change nothing', async () => {
  await using broker = await openBroker();
  await broker.publish(TOPIC, '{"l":[1,1,1]}', { retain: true });
  await using it = await openMetered({ url: broker.url, ...userByFile(broker), a: ['$.l[0]', 'l.1', 'l[2]'] });
  const [station] = it.stations;
  await it.highest(20);
  expect(currentOf(station)).toBe(9); // the retained reading may be of any age
  await publishUntil(it, broker, { message: { l: [20, '24.5', 3] }, current: 13.5 });
  expect(currentOf(station)).toBe(13.5);
  for (const message of ['no JSON', '{"l":[20]}', '{"l":[20,"high",3]}']) await broker.publish(TOPIC, message);
  await broker.publish('building/other', '{"l":[0,0,0]}');
  while (!it.logged.join('\n').includes('l.1: found \\"high\\"')) await it.highest(1);
  expect(currentOf(station)).toBe(13.5);
  expect(it.logged.join('\n')).toContain('l.1: found nothing, allowed is a number from -100000 to 100000');
  await broker.restart(async () => {
    await it.highest(70);
    expect(currentOf(station)).toBe(9);
  });
  await publishUntil(it, broker, { message: { l: [20, 25, 3] }, current: 13 });
  expect(it.logged.join('\n')).not.toContain(USER.password);
});

test.skipIf(lacksMosquitto)('by TLS, with the password from the environment, in kW', async () => {
  await using broker = await openBroker();
  process.env.METER_PASSWORD = USER.password;
  await using _ = { [Symbol.asyncDispose]: async () => void delete process.env.METER_PASSWORD };
  await using it = await openMetered({ url: broker.tlsUrl, ca: broker.caFile, username: USER.username, password_env: 'METER_PASSWORD', kw: 'power.total' });
  await publishUntil(it, broker, { message: { power: { total: 5.75 } }, current: 13 }); // 25 A on each phase, as the phases are unknown
});

test.skipIf(lacksMosquitto)('a wrong password is reported without the password, and the fallback holds', async () => {
  await using broker = await openBroker();
  process.env.METER_PASSWORD = 'a wrong secret';
  await using _ = { [Symbol.asyncDispose]: async () => void delete process.env.METER_PASSWORD };
  await using it = await openMetered({ url: broker.url, username: USER.username, password_env: 'METER_PASSWORD', w: 'w' });
  const refused = () => it.logged.some((line) => line.includes('meter of garage') && /[Nn]ot authorized/.test(line));
  while (!refused()) await it.highest(1);
  expect(currentOf(it.stations[0])).toBe(9);
  expect(it.logged.join('\n')).not.toContain('a wrong secret');
});

const userByFile = ({ passwordFile }: Broker) => ({ username: USER.username, password_file: passwordFile });
