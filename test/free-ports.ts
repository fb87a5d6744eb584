import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that a system gives to connections and to servers on port 0, so that nobody takes one while its server is restarted. */
const FIRST = 10_000;
const LAST = 32_000;

/** Free ports of this machine, for configurations that must contain a port before the server listens, and for servers that come back on their port. */
export async function freePorts<N extends number>(count: N): Promise<readonly number[] & { length: N }>;
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  } finally {
    if (server.listening) await once(server.close(), 'close');
  }
}
