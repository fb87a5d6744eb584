import { readFile } from 'node:fs/promises';
import type { IClientOptions, MqttClient } from 'mqtt';
import { type Config, environmentVariable } from '../config/config.ts';
import type { MqttMeter } from '../config/site-schema.ts';
import type { Context } from '../core/context.ts';
import type { BuildingMeters } from './building-meters.ts';
import { readMeterMessage } from './read-meter-message.ts';

/** A node of a site whose meter publishes at an MQTT broker. */
export interface PublishedMeter {
  /** Names with slashes between, such as garage/north. */
  path: string;
  mqtt: MqttMeter;
}

/** The connection is tried again this long after it broke or failed, in ms. */
const RECONNECT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** s; a broker that is gone without a word is noticed after one and a half of it. */
const KEEP_ALIVE = 15;
/** Longer messages are no readings of a meter, in bytes. */
const LONGEST_MESSAGE = 65_536;

/** The meters in a configuration that publish at an MQTT broker. */
export function publishedMeters({ sites }: Pick<Config, 'sites'>): readonly PublishedMeter[] {
  return sites.flatMap((site) => metersBelow(site, site.name));
}

interface Named {
  name: string;
  meter?: { mqtt?: MqttMeter };
  children?: readonly Named[];
}
function metersBelow({ meter, children = [] }: Named, path: string): readonly PublishedMeter[] {
  const below = children.flatMap((child) => metersBelow(child, `${path}/${child.name}`));
  return meter?.mqtt ? [{ path, mqtt: meter.mqtt }, ...below] : below;
}

/** Subscribes to the topics of meters, and passes their readings on. A broker that is away is tried again every 2 s. */
export class MqttMeters {
  readonly #context: Pick<Context, 'work' | 'reportError'>;
  readonly #meters: BuildingMeters;
  /** The meters that are followed, by what the configuration says of them. */
  readonly #followed = new Map<string, AbortController>();
  /** Mistakes that were reported, by the path of the node; a good message ends each. */
  readonly #reported = new Map<string, string>();

  constructor(context: Pick<Context, 'work' | 'reportError'>, meters: BuildingMeters) {
    this.#context = context;
    this.#meters = meters;
  }

  /** Follows these meters, until the node stops or others are given; those that are followed already go on. The broker may be away. */
  follow(meters: readonly PublishedMeter[]): void {
    const wanted = new Map(meters.map((it) => [JSON.stringify(it), it]));
    for (const [id, ended] of this.#followed) {
      if (wanted.has(id)) continue;
      ended.abort();
      this.#followed.delete(id);
    }
    for (const [id, meter] of wanted) {
      if (this.#followed.has(id)) continue;
      const ended = new AbortController();
      this.#followed.set(id, ended);
      this.#context.work.start(`meter of ${meter.path}`, () => this.#follow(meter, AbortSignal.any([this.#context.work.stopping, ended.signal])));
    }
  }

  async #follow({ path, mqtt }: PublishedMeter, stopping: AbortSignal): Promise<void> {
    const [{ connect }, options] = await Promise.all([import('mqtt'), connectOptions(mqtt)]);
    if (stopping.aborted) return;
    const client: MqttClient = connect(mqtt.url, options);
    stopping.addEventListener('abort', () => client.end(true), { once: true });
    client.on('connect', () => {
      client.subscribe(mqtt.topic, { qos: mqtt.qos }, (error, granted) => {
        const refused = granted?.some(({ qos }) => qos > 2);
        if (error || refused) this.#report(path, `the broker refused the topic ${mqtt.topic}: give this user the right to read it`);
      });
    });
    client.on('message', (topic, payload, { retain }) => {
      if (topic === mqtt.topic && !retain) this.#take({ path, mqtt }, payload); // a retained reading may be of any age
    });
    client.on('error', (error) => this.#report(path, error.message));
    client.on('close', () => {
      if (!stopping.aborted && !this.#reported.has(path)) this.#report(path, 'the connection to the broker ended');
    });
  }

  #take({ path, mqtt }: PublishedMeter, payload: Buffer): void {
    const mistake = this.#mistakeIn({ path, mqtt }, payload);
    if (mistake === undefined) this.#reported.delete(path);
    else this.#report(path, mistake);
  }

  #mistakeIn({ path, mqtt }: PublishedMeter, payload: Buffer): string | undefined {
    if (payload.length > LONGEST_MESSAGE) return `found a message of ${payload.length} bytes, allowed are ${LONGEST_MESSAGE}`;
    const value = readMeterMessage(payload.toString('utf8'), mqtt);
    if (!value.ok) return value.problem;
    const taken = this.#meters.measure(path, value.value);
    return taken.ok ? undefined : taken.problem.says;
  }

  /** Reports a mistake once, until a reading arrives or another mistake is made. */
  #report(path: string, says: string): void {
    if (this.#reported.get(path) === says) return;
    this.#reported.set(path, says);
    this.#context.reportError(`meter of ${path}`, says);
  }
}

/** Only readings of now count: the session is clean, so the broker keeps none for later. */
async function connectOptions({ username, password_file, password_env, ca }: MqttMeter): Promise<IClientOptions> {
  const password =
    password_file === undefined ? password_env && environmentVariable(password_env) : (await readFile(password_file, 'utf8')).replace(/\r?\n$/, '');
  if (password_env !== undefined && password === undefined)
    throw new Error(`found no environment variable ${password_env}: set it to the password, or use password_file`);
  return {
    clean: true,
    reconnectPeriod: RECONNECT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepalive: KEEP_ALIVE,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca: await readFile(ca) }),
  };
}
