import { readFileSync } from 'node:fs';
import type { Config } from '../../src/node/config/config.ts';
import { createNode } from '../../src/node/node.ts';
import { type Fault, faultyStore } from './faults.ts';

/** What a test asks of the node in its own process. */
export type Command = { do: 'arm'; fault: Fault } | { do: 'invite'; country_code: string; party_id: string };
/** What the node tells the test. */
export type Report =
  | { is: 'ready'; publicUrl: string; ocppPort: number }
  | { is: 'armed' }
  | { is: 'invited'; token: string }
  | { is: 'reached' }
  | { is: 'connected'; station: string }
  | { is: 'outcome'; exchange: string }
  | { is: 'complaint'; what: string };

const tell = (news: Report) => process.send?.(news);
const store = faultyStore({ die: () => process.kill(process.pid, 'SIGKILL'), reached: () => tell({ is: 'reached' }) });
const config: Config = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const node = await createNode(config, {
  aroundStore: store.around,
  log: (level, event, facts) => {
    if (level === 'error') tell({ is: 'complaint', what: `${event} ${JSON.stringify(facts)}` });
  },
});
node.journal.onStep((step) => {
  if (step.step === 'station-connected') tell({ is: 'connected', station: step.station });
  if (step.step === 'outcome') tell({ is: 'outcome', exchange: step.exchange });
});

process.on('message', async (wish: Command) => {
  if (wish.do === 'arm') {
    store.arm(wish.fault);
    tell({ is: 'armed' });
    return;
  }
  const invited = await node.registration.invite({ role: 'EMSP', country_code: wish.country_code, party_id: wish.party_id });
  tell(invited.ok ? { is: 'invited', token: invited.value } : { is: 'complaint', what: JSON.stringify(invited.problem) });
});
process.once('SIGTERM', async () => {
  await node[Symbol.asyncDispose]();
  process.disconnect();
});
tell({ is: 'ready', publicUrl: node.publicUrl, ocppPort: node.ocppPort ?? 0 });
