import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/node/config/config.ts';
import { freePorts } from '../free-ports.ts';
import type { Fault } from './faults.ts';
import type { Command, Report } from './node-under-test.ts';

type ReportOf<K extends Report['is']> = Extract<Report, { is: K }>;

/** A node in a process of its own. It can be killed and started again on the same store and ports. Disposing kills it. */
export interface NodeProcess extends AsyncDisposable {
  publicUrl(): string;
  ocppPort(): number;
  /** Errors in the log of the node, over all its runs. */
  errors: readonly string[];
  /** Resolves with the next message of this kind; rejects when the process ends without one. */
  nextReport<K extends Report['is']>(kind: K): Promise<ReportOf<K>>;
  /** Makes the node stop at the commit of this kill point. */
  arm(fault: Fault): Promise<void>;
  /** Invites an eMSP; resolves with its TOKEN_A. */
  invite(party: { country_code: string; party_id: string }): Promise<string>;
  /** Resolves when the current process has ended. */
  ended(): Promise<void>;
  signal(signal: 'SIGKILL' | 'SIGTERM'): void;
  /** Starts a new process; resolves when the node runs. */
  start(): Promise<void>;
}

/** Starts a node in a process of its own, and writes its configuration to `folder`. */
export async function openNodeProcess(config: Config, folder: string): Promise<NodeProcess> {
  const errors: string[] = [];
  const [port = 0, ocppPort = 0] = await freePorts(2);
  // It comes back where peers and charge points look for it.
  const settings: Config = {
    ...config,
    listen: { ...config.listen, port: config.listen.port || port },
    public_url: config.listen.port === 0 ? `http://127.0.0.1:${port}` : config.public_url,
    ...(config.ocpp && { ocpp: { ...config.ocpp, port: config.ocpp.port || ocppPort } }),
  };
  let child: ChildProcess | undefined;
  let ready: ReportOf<'ready'> | undefined;
  const running = (): ChildProcess => {
    if (!child) throw new Error('the node was not started');
    return child;
  };
  let exit = Promise.resolve();
  const nextReport = <K extends Report['is']>(kind: K) => nextReportOf({ from: running(), exit, errors }, kind);
  const send = async <K extends Report['is']>(command: Command, answer: K) => {
    const answered = nextReport(answer);
    running().send(command);
    return answered;
  };
  const start = async () => {
    child = forkNode(settings, folder);
    exit = once(child, 'exit').then(() => undefined);
    child.on('message', (message: Report) => {
      if (message.is === 'error') errors.push(message.what);
    });
    ready = await nextReport('ready');
  };

  await start();
  return {
    publicUrl: () => ready?.publicUrl ?? '',
    ocppPort: () => ready?.ocppPort ?? 0,
    errors,
    nextReport,
    start,
    ended: () => exit,
    arm: async (fault) => void (await send({ do: 'arm', fault }, 'armed')),
    invite: async (party) => (await send({ do: 'invite', ...party }, 'invited')).token,
    signal: (signal) => void running().kill(signal),
    [Symbol.asyncDispose]: async () => {
      running().kill('SIGKILL');
      await exit;
    },
  };
}

function forkNode(settings: Config, folder: string): ChildProcess {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(settings));
  return fork(join(import.meta.dirname, 'node-under-test.ts'), [file], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** One run of the node. */
interface Run {
  from: ChildProcess;
  exit: Promise<void>;
  errors: readonly string[];
}
function nextReportOf<K extends Report['is']>({ from, exit, errors }: Run, kind: K): Promise<ReportOf<K>> {
  const isMatch = (message: Report): message is ReportOf<K> => message.is === kind;
  return new Promise((resolve, reject) => {
    const listen = (message: Report) => {
      if (!isMatch(message)) return;
      from.off('message', listen);
      resolve(message);
    };
    from.on('message', listen);
    void exit.then(() => reject(new Error(`the node ended before it reported ${kind}: ${errors.join('; ')}`)));
  });
}
