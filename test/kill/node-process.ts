import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../src/node/config.ts';
import type { Fault } from './faults.ts';
import type { News, Wish } from './node-under-test.ts';

type NewsOf<K extends News['is']> = Extract<News, { is: K }>;

/** A node in a process of its own, which can be killed and started again on the same store and ports. */
export interface NodeProcess extends AsyncDisposable {
  publicUrl(): string;
  ocppPort(): number;
  /** Errors that the node had no caller for, over all its lives. */
  complaints: readonly string[];
  /** Resolves with the next news of this kind. */
  next<K extends News['is']>(kind: K): Promise<NewsOf<K>>;
  /** From now on the node stops at this commit. */
  arm(fault: Fault): Promise<void>;
  invite(party: { country_code: string; party_id: string }): Promise<string>;
  /** Resolves when the process is gone, whoever ended it. */
  gone(): Promise<void>;
  signal(signal: 'SIGKILL' | 'SIGTERM'): void;
  start(): Promise<void>;
}

export async function openNodeProcess(config: Config, folder: string): Promise<NodeProcess> {
  const file = join(folder, 'config.json');
  const complaints: string[] = [];
  let settings = config;
  let child: ChildProcess | undefined;
  let ready: NewsOf<'ready'> | undefined;

  const alive = (): ChildProcess => {
    if (!child) throw new Error('the node was not started');
    return child;
  };
  function next<K extends News['is']>(kind: K): Promise<NewsOf<K>> {
    const from = alive();
    return new Promise((heard, failed) => {
      const stop = () => {
        from.off('message', listen);
        from.off('exit', ended);
      };
      const isIt = (news: News): news is NewsOf<K> => news.is === kind;
      const listen = (news: News) => {
        if (!isIt(news)) return;
        stop();
        heard(news);
      };
      const ended = () => {
        stop();
        failed(new Error(`the node ended before it was ${kind}: ${complaints.join('; ')}`));
      };
      from.on('message', listen).once('exit', ended);
    });
  }
  const wish = (it: Wish) => void alive().send(it);

  async function start(): Promise<void> {
    writeFileSync(file, JSON.stringify(settings));
    child = fork(join(import.meta.dirname, 'node-under-test.ts'), [file], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.on('message', (news: News) => {
      if (news.is === 'complaint') complaints.push(news.what);
    });
    ready = await next('ready');
    const port = Number(new URL(ready.publicUrl).port);
    settings = {
      ...settings,
      listen: { ...settings.listen, port },
      public_url: ready.publicUrl,
      ...(settings.ocpp && { ocpp: { ...settings.ocpp, port: ready.ocppPort } }),
    };
  }

  async function gone(): Promise<void> {
    const it = alive();
    if (it.exitCode === null && it.signalCode === null) await once(it, 'exit');
  }

  await start();
  return {
    publicUrl: () => ready?.publicUrl ?? '',
    ocppPort: () => ready?.ocppPort ?? 0,
    complaints,
    next,
    start,
    gone,
    arm: async (fault) => {
      const armed = next('armed');
      wish({ do: 'arm', fault });
      await armed;
    },
    invite: async (party) => {
      const invited = next('invited');
      wish({ do: 'invite', ...party });
      return (await invited).token;
    },
    signal: (signal) => void alive().kill(signal),
    [Symbol.asyncDispose]: async () => {
      alive().kill('SIGKILL');
      await gone();
    },
  };
}
