import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { brokerPath, lacksBroker } from '../scripts/test-broker.ts';
import { createAuthority } from './certificates.ts';
import { portOf } from './raw-peer.ts';

/** Why the tests with a broker are skipped; undefined when one is installed. */
export const lacksMosquitto = lacksBroker();
if (lacksMosquitto !== undefined) console.warn(`skipped: ${lacksMosquitto}`);

/** The user of the broker who may read and write all topics. */
export const USER = { username: 'meter', password: 'a secret of the meter' };

/** A real broker on loopback, by TCP and by TLS; only `USER` gets in. Disposing ends it. */
export interface Broker extends AsyncDisposable {
  url: string;
  tlsUrl: string;
  /** Files: the certificate of the authority of the broker, and the password of `USER`. */
  caFile: string;
  passwordFile: string;
  publish(topic: string, message: string, options?: { retain?: boolean }): Promise<void>;
  /** Ends the broker and starts it again on the same ports. */
  restart(meanwhile: () => Promise<void>): Promise<void>;
}

/** Starts a broker. */
export async function openBroker(): Promise<Broker> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-mosquitto-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  const authority = createAuthority('the authority of a test');
  const { cert, key } = authority.issue('127.0.0.1');
  const [port, tlsPort] = [await freePort(), await freePort()];
  const files = { caFile: file('ca.pem', authority.cert), passwordFile: file('password', `${USER.password}\n`) };
  const settings = [
    `user ${userInfo().username}`,
    'allow_anonymous false',
    `password_file ${file('passwords', `${USER.username}:${USER.password}\n`)}`,
    `listener ${port} 127.0.0.1`,
    `listener ${tlsPort} 127.0.0.1`,
    `certfile ${file('cert.pem', cert)}`,
    `keyfile ${file('key.pem', key)}`,
  ];
  await hashPasswords(join(folder, 'passwords'));
  const config = file('mosquitto.conf', `${settings.join('\n')}\n`);
  let broker = await run(config);
  return {
    url: `mqtt://127.0.0.1:${port}`,
    tlsUrl: `mqtts://127.0.0.1:${tlsPort}`,
    ...files,
    publish: async (topic, message, options = {}) => {
      const client = await connectAsync(`mqtt://127.0.0.1:${port}`, USER);
      await client.publishAsync(topic, message, { qos: 1, ...options });
      await client.endAsync();
    },
    restart: async (meanwhile) => {
      await end(broker);
      await meanwhile();
      broker = await run(config);
    },
    [Symbol.asyncDispose]: async () => {
      await end(broker);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the broker says that it runs; rejects with its log when it ends before. */
async function run(config: string): Promise<ChildProcess> {
  const broker = spawn(brokerPath, ['-c', config, '-v'], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let log = '';
    broker.once('error', reject);
    broker.once('exit', (code) => reject(new Error(`the broker ended with ${code}: ${log}`)));
    broker.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = `${log}${text}`.slice(-10_000);
      if (/mosquitto version \S+ running/.test(log)) resolve();
    });
  });
  return broker;
}

async function end(broker: ChildProcess): Promise<void> {
  if (broker.exitCode !== null) return;
  const ended = once(broker, 'exit');
  broker.kill('SIGTERM');
  await ended;
}

/** The broker takes hashed passwords only. */
async function hashPasswords(file: string): Promise<void> {
  const [code] = await once(spawn('mosquitto_passwd', ['-U', file], { stdio: 'ignore' }), 'exit');
  if (code !== 0) throw new Error(`mosquitto_passwd ended with ${code}`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const port = portOf(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
