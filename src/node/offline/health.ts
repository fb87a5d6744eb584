import type { Config } from '../config/config.ts';
import { addressOf, operatorUrl } from '../config/operator-url.ts';

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
