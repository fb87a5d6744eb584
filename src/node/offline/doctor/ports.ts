import { createServer } from 'node:net';
import type { Config } from '../../config/config.ts';
import { isNodeRunning } from '../health.ts';
import { type Finding, failed, passed, reasonOf } from './finding.ts';

/** Each port is free, or held by a node that runs with this configuration. */
export async function checkPorts(config: Config): Promise<readonly Finding[]> {
  const running = await isNodeRunning(config);
  const wanted = [{ option: 'listen', at: config.listen }, ...(config.ocpp ? [{ option: 'ocpp', at: config.ocpp }] : [])];
  return Promise.all(wanted.map(async ({ option, at }) => judge(option, at, { running, problem: await tryToListen(at) })));
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
      return passed(check, port === 0 ? `a free port of ${host} is drawn at each start` : `${address} is free`);
    case 'EADDRINUSE':
      return running
        ? passed(check, `${address} is held by a running evenkeel`)
        : failed(check, `${address} is held by another program: end that, or choose another ${check}`);
    case 'EACCES':
      return failed(check, `${address} is not allowed to this user: choose a ${check} from 1024 on, or grant cap_net_bind_service`);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return failed(check, `${host} is no address of this machine: choose one with ${option}.host, such as 127.0.0.1 or 0.0.0.0`);
    default:
      return failed(check, `${address} cannot be listened on (${problem}): choose another with ${option}.host and ${check}`);
  }
}

/** Why an address cannot be listened on; nothing when it can. */
function tryToListen({ host, port }: { host: string; port: number }): Promise<string | undefined> {
  return new Promise((tried) => {
    const server = createServer();
    server.once('error', (error) => tried(reasonOf(error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => tried(undefined)));
  });
}
