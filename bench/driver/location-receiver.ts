import { setTimeout as sleep } from 'node:timers/promises';
import { serveCalls, usage } from '../child-program.ts';
import { openEmsp } from './emsp.ts';

/* An eMSP that receives one location and keeps the status of each EVSE. */

const statuses = new Map<string, string>();
let lastChange = 0;

interface Sent {
  uid?: string;
  status?: string;
  evses?: { uid: string; status: string }[];
}

/** A message about a location, or about one EVSE: `PUT /locations/NL/EVK/LOC0` or `PATCH /locations/NL/EVK/LOC0/E1`. */
function receive(requestLine: string, body: string): void {
  const { evses, status }: Sent = JSON.parse(body);
  for (const it of evses ?? []) statuses.set(it.uid, it.status);
  const [, , , , , uid] = requestLine.split(' ')[1]?.split('/') ?? [];
  if (uid !== undefined && status !== undefined) statuses.set(uid, status);
  lastChange = Date.now();
}

const emsp = await openEmsp(() => undefined, receive);

/** Resolves with the time of the last message once all EVSEs are available, in ms. */
async function received({ evses }: { evses: number }): Promise<number> {
  while ([...statuses.values()].filter((it) => it === 'AVAILABLE').length < evses) await sleep(100);
  return lastChange;
}

/** The eMSP as a program of the bench. */
export const handlers = {
  register: async (at: { versionsUrl: string; token: string }): Promise<void> => {
    await emsp.register({ ...at, as: 'EMSP' });
  },
  received,
  usage,
};
serveCalls(handlers);
