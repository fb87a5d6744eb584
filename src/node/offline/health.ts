import type { Config } from '../config/config.ts';

/** Whether a node answers at an address of this configuration: its public one, or the one that it listens on. */
export async function isNodeRunning({ public_url, listen }: Config): Promise<boolean> {
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  const own = `${listen.tls ? 'https' : 'http'}://${host}:${listen.port}`;
  return (await isReady(public_url)) || (listen.port !== 0 && (await isReady(own)));
}

/** Whether a ready node answers at `<url>/health`; anything else that answers there is none. */
async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/health`, { redirect: 'error', signal: AbortSignal.timeout(2_000) });
    const body: unknown = answer.ok ? await answer.json() : undefined;
    return typeof body === 'object' && body !== null && 'status' in body && body.status === 'ready';
  } catch {
    return false; // nothing listens there, or it does not speak HTTP: no node in either case
  }
}
