import type { Config } from '../config/config.ts';

/** True when a node answers at the public URL of this configuration, or at the address on which it listens. */
export async function isNodeRunning({ public_url, listen }: Config): Promise<boolean> {
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  const listenUrl = `${listen.tls ? 'https' : 'http'}://${host}:${listen.port}`;
  return (await isLive(public_url)) || (listen.port !== 0 && (await isLive(listenUrl)));
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
