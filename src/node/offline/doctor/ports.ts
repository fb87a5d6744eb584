import { createServer } from 'node:net';
import type { Config } from '../../config/config.ts';
import { isNodeRunning } from '../health.ts';
import { type Finding, failed, passed, reasonOf } from './finding.ts';

/** Each port must be free, or in use by a running node with this configuration. */
export async function checkPorts(config: Config): Promise<readonly Finding[]> {
  const running = await isNodeRunning(config);
  const { listen, listen_operator, ocpp } = config;
  const addresses = [
    { option: 'listen', at: listen },
    ...(listen_operator ? [{ option: 'listen_operator', at: listen_operator }] : []),
    ...(ocpp ? [{ option: 'ocpp', at: ocpp }] : []),
  ];
  return Promise.all(addresses.map(async ({ option, at }) => judge(option, at, { running, problem: await tryToListen(at) })));
}

function judge(
  option: string,
  { host, port }: { host: string; port: number },
  { running, problem }: { running: boolean; problem: string | undefined },
): Finding {
  const check = `${option}.port`;
  const address = `${host}:${port}`;
  switch (problem) {
    case undefined:
      return passed(check, port === 0 ? `each start uses a free port of ${host}` : `${address} is free`);
    case 'EADDRINUSE':
      return running
        ? passed(check, `${address} is in use by a running evenkeel`)
        : failed(check, `${address} is in use by another program: stop that program, or choose another ${check}`);
    case 'EACCES':
      return failed(check, `this user may not listen on ${address}: choose a ${check} of 1024 or higher, or grant cap_net_bind_service`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return failed(check, `${host} is not an address of this machine: set ${option}.host to one that is, such as 127.0.0.1 or 0.0.0.0`);
    default:
      return failed(check, `cannot listen on ${address} (${problem}): choose another ${option}.host or ${check}`);
  }
}

/** Listens for a moment; returns why that failed, or undefined. */
function tryToListen({ host, port }: { host: string; port: number }): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(reasonOf(error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
