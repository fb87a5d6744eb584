import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/node/config/config.ts';
import type { Fault } from './faults.ts';
import type { Command, Report } from './node-under-test.ts';

type NewsOf<K extends Report['is']> = Extract<Report, { is: K }>;

/** A node in a process of its own, which can be killed and started again on the same store and ports. */
export interface NodeProcess extends AsyncDisposable {
  publicUrl(): string;
  ocppPort(): number;
  /** Errors that the node had no caller for, over all its lives. */
  errors: readonly string[];
  /** Resolves with the next news of this kind. */
  nextReport<K extends Report['is']>(kind: K): Promise<NewsOf<K>>;
  /** From now on the node stops at this commit. */
  arm(fault: Fault): Promise<void>;
  invite(party: { country_code: string; party_id: string }): Promise<string>;
  /** Resolves when the process is gone, whoever ended it. */
  ended(): Promise<void>;
  signal(signal: 'SIGKILL' | 'SIGTERM'): void;
  start(): Promise<void>;
}

/** Starts a node in a process of its own; `folder` takes its configuration. */
export async function openNodeProcess(config: Config, folder: string): Promise<NodeProcess> {
  const errors: string[] = [];
  let settings = config;
  let child: ChildProcess | undefined;
  let ready: NewsOf<'ready'> | undefined;
  const alive = (): ChildProcess => {
    if (!child) throw new Error('the node was not started');
    return child;
  };
  let exit = Promise.resolve();
  const nextReport = <K extends Report['is']>(kind: K) => nextNews({ from: alive(), exit, errors }, kind);
  const ask = async <K extends Report['is']>(wish: Command, answer: K) => {
    const answered = nextReport(answer);
    alive().send(wish);
    return answered;
  };
  const start = async () => {
    child = launch(settings, folder);
    exit = once(child, 'exit').then(() => undefined);
    child.on('message', (news: Report) => {
      if (news.is === 'complaint') errors.push(news.what);
    });
    ready = await nextReport('ready');
    settings = onThePortsOf(ready, settings);
  };

  await start();
  return {
    publicUrl: () => ready?.publicUrl ?? '',
    ocppPort: () => ready?.ocppPort ?? 0,
    errors,
    nextReport,
    start,
    ended: () => exit,
    arm: async (fault) => void (await ask({ do: 'arm', fault }, 'armed')),
    invite: async (party) => (await ask({ do: 'invite', ...party }, 'invited')).token,
    signal: (signal) => void alive().kill(signal),
    [Symbol.asyncDispose]: async () => {
      alive().kill('SIGKILL');
      await exit;
    },
  };
}

function launch(settings: Config, folder: string): ChildProcess {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(settings));
  return fork(join(import.meta.dirname, 'node-under-test.ts'), [file], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

/** So that peers and charge points find it again. */
const onThePortsOf = ({ publicUrl, ocppPort }: NewsOf<'ready'>, settings: Config): Config => ({
  ...settings,
  listen: { ...settings.listen, port: Number(new URL(publicUrl).port) },
  public_url: publicUrl,
  ...(settings.ocpp && { ocpp: { ...settings.ocpp, port: ocppPort } }),
});

interface Life {
  from: ChildProcess;
  exit: Promise<void>;
  errors: readonly string[];
}
function nextNews<K extends Report['is']>({ from, exit, errors }: Life, kind: K): Promise<NewsOf<K>> {
  const isIt = (news: Report): news is NewsOf<K> => news.is === kind;
  return new Promise((heard, failed) => {
    const listen = (news: Report) => {
      if (!isIt(news)) return;
      from.off('message', listen);
      heard(news);
    };
    from.on('message', listen);
    void exit.then(() => failed(new Error(`the node ended before it was ${kind}: ${errors.join('; ')}`)));
  });
}
