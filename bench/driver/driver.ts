import { setTimeout as sleep } from 'node:timers/promises';
import { serveCalls, usage } from '../child-program.ts';
import { type DriverRole, openEmsp, type ProfilesEndpoint } from './emsp.ts';
import { type Lap, Load, type Pace } from './load.ts';
import { connectStations, stationName } from './station.ts';

/** What flows are driven through: a node to register at, or a bare program that knows its sessions by the names of its stations. */
export type Target = { is: 'node'; versionsUrl: string; token: string; as: DriverRole } | { is: 'bare'; chargingProfiles: string };

let load: Load | undefined;
const emsp = await openEmsp((number, body) => load?.resultReceived(number, body));

async function open({ subject, ocppPort, stations }: { subject: Target; ocppPort: number; stations: number }): Promise<void> {
  const at: ProfilesEndpoint =
    subject.is === 'node' ? await emsp.register(subject) : { chargingProfiles: subject.chargingProfiles, token: 'bare', from: 'MSP', to: 'EVK' };
  const connected = await connectStations({ from: 0, count: stations, port: ocppPort });
  if (subject.is === 'node') {
    await Promise.all(connected.map((station, number) => station.charge(number)));
    for (let waited = 0; emsp.sessions.size < stations && waited < 30_000; waited += 50) await sleep(50);
    if (emsp.sessions.size < stations) throw new Error(`${emsp.sessions.size} of ${stations} sessions were pushed`);
  }
  const sessions = subject.is === 'node' ? [...emsp.sessions.values()] : connected.map((_, number) => stationName(number));
  load = await Load.open(emsp, { desk: at, sessions, connections: 64 });
}

/** What the driver is asked. */
export const desk = {
  url: () => emsp.url,
  open,
  start: (pace: Pace) => load?.start(pace),
  mark: (): Lap | undefined => load?.mark(),
  stop: async (patience: number) => load && { ...(await load.stop(patience)), strays: load.strays, firstError: load.firstError },
  usage,
};
serveCalls(desk);
