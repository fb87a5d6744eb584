import { setTimeout as sleep } from 'node:timers/promises';
import { serveCalls, usage } from '../child-program.ts';
import { type DriverRole, openEmsp, type ProfilesEndpoint } from './emsp.ts';
import { type Lap, Load, type Pace } from './load.ts';
import { Renewals } from './renewals.ts';
import { connectStations, stationName } from './station.ts';

/** The program under load: a node to register at, or the bare program, which uses the id of a charge point as session id. */
export type Target = { is: 'node'; versionsUrl: string; token: string; as: DriverRole } | { is: 'bare'; chargingProfiles: string };

const SESSIONS_TIMEOUT_MS = 30_000;

let load: Load | undefined;
let renewals: Renewals | undefined;
const emsp = await openEmsp((number, body) => load?.resultReceived(number, body));

async function open({ target, ocppPort, stations }: { target: Target; ocppPort: number; stations: number }): Promise<void> {
  const endpoint: ProfilesEndpoint =
    target.is === 'node' ? await emsp.register(target) : { chargingProfiles: target.chargingProfiles, token: 'bare', from: 'MSP', to: 'EVK' };
  const connected = await connectStations({ from: 0, count: stations, port: ocppPort });
  if (target.is === 'node') {
    await Promise.all(connected.map((station) => station.startTransaction()));
    for (let waited = 0; emsp.sessions.size < stations && waited < SESSIONS_TIMEOUT_MS; waited += 50) await sleep(50);
    if (emsp.sessions.size < stations) throw new Error(`the node pushed ${emsp.sessions.size} of ${stations} sessions within 30 s`);
  }
  const sessions = target.is === 'node' ? [...emsp.sessions.values()] : connected.map((_, number) => stationName(number));
  load = await Load.open(emsp, { endpoint, sessions, connections: 64 });
  renewals = new Renewals(emsp, load, connected);
}

/** An eMSP or SCSP with its charge points, which puts a load on the target. */
export const handlers = {
  open,
  start: (pace: Pace) => load?.start(pace),
  mark: (): Lap | undefined => load?.mark(),
  renew: (perSecond: number) => renewals?.start(perSecond),
  renewed: () => renewals?.count ?? 0,
  endRenewals: () => renewals?.stop(),
  stop: async (timeoutMs: number) => load && { ...(await load.stop(timeoutMs)), strays: load.strays, firstError: load.firstError },
  usage,
};
serveCalls(handlers);
