import { readFileSync } from 'node:fs';
import type { Config } from '../../src/node/config/config.ts';
import { createNode } from '../../src/node/node.ts';
import { type Fault, faultyStore } from './faults.ts';

/** Messages of the test to the process of the node. */
export type Command = { do: 'arm'; fault: Fault } | { do: 'invite'; country_code: string; party_id: string };
/** Messages of the process of the node to the test. */
export type Report =
  | { is: 'ready'; publicUrl: string; ocppPort: number }
  | { is: 'armed' }
  | { is: 'invited'; token: string }
  | { is: 'reached' }
  | { is: 'outcome'; exchange: string }
  | { is: 'error'; what: string };

const report = (message: Report) => process.send?.(message);
const store = faultyStore({ die: () => process.kill(process.pid, 'SIGKILL'), reached: () => report({ is: 'reached' }) });
const config: Config = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const node = await createNode(config, {
  aroundStore: store.around,
  log: (level, event, facts) => {
    if (level === 'error') report({ is: 'error', what: `${event} ${JSON.stringify(facts)}` });
  },
});
node.journal.onStep((step) => {
  if (step.step === 'outcome') report({ is: 'outcome', exchange: step.exchange });
});

process.on('message', async (command: Command) => {
  if (command.do === 'arm') {
    store.arm(command.fault);
    report({ is: 'armed' });
    return;
  }
  const invited = await node.registration.invite({ role: 'EMSP', country_code: command.country_code, party_id: command.party_id });
  report(invited.ok ? { is: 'invited', token: invited.value } : { is: 'error', what: JSON.stringify(invited.problem) });
});
process.once('SIGTERM', async () => {
  await node[Symbol.asyncDispose]();
  process.disconnect();
});
report({ is: 'ready', publicUrl: node.publicUrl, ocppPort: node.ocppPort ?? 0 });
