import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import type { Config } from '../config/config.ts';
import { addressOf, operatorUrl } from '../config/operator-url.ts';
import type { HealthProblem } from '../core/health.ts';

/** True when a node answers at the URL for operators of this configuration, or at the address on which it listens for them. */
export async function isNodeRunning(config: Config): Promise<boolean> {
  const at = config.listen_operator ?? config.listen;
  return (await isLive(operatorUrl(config))) || (at.port !== 0 && (await isLive(addressOf(at))));
}

async function isLive(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health/live`, { redirect: 'error', signal: AbortSignal.timeout(2_000) });
    const body: unknown = answer.ok ? await answer.json() : undefined;
    return typeof body === 'object' && body !== null && 'status' in body && body.status === 'live';
  } catch {
    return false; // nothing listens there, or it does not speak HTTP
  }
}

/** The wait for an answer, in ms. */
const WAIT_MS = 3_000;
/** Addresses that mean all addresses of the machine: one of them is asked. */
const ANY_ADDRESS: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Why the node that listens on this machine with this configuration is not ready; empty when it is ready. */
export async function readHealth({ listen, listen_operator }: Pick<Config, 'listen' | 'listen_operator'>): Promise<readonly HealthProblem[]> {
  const at = listen_operator ?? listen;
  const url = `${addressOf({ ...at, host: ANY_ADDRESS[at.host] ?? at.host })}/health/ready`;
  try {
    const body: unknown = JSON.parse(await getLocally(url));
    if (isRecord(body) && body.status === 'ready') return [];
    if (isRecord(body) && Array.isArray(body.problems)) return body.problems;
    return [{ check: url, says: 'what answers there is not a node of Evenkeel' }];
  } catch (error) {
    return [{ check: url, says: `no answer (${error instanceof Error ? error.message || error.name : error}): start the node, or look at its log` }];
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** The text of an answer of this machine. Its certificate names another host, so it is not verified; nothing secret is sent. */
function getLocally(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { signal: AbortSignal.timeout(WAIT_MS), agent: false } as const;
    const secure = url.startsWith('https:');
    const request = secure ? requestHttps(url, { ...options, rejectUnauthorized: false }) : requestHttp(url, options);
    request.on('error', reject).on('response', (answer) => text(answer).then(resolve, reject));
    request.end();
  });
}
