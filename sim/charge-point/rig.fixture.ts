import { amperes, epochMillis, volts } from '../../src/domain/units.ts';
import type { OcppVersion } from '../../src/ocpp/station.ts';
import { buildCar } from '../battery.ts';
import { type ChargePoint, plugInStation } from '../charge-point.ts';
import { type VirtualClock, virtualClock } from '../clock.ts';
import { type BareNode, openBareNode } from './bare-node.fixture.ts';
import type { StationOptions } from './options.ts';
import type { OutletPlan } from './simulated-evse.ts';

export const VERSIONS: OcppVersion[] = ['1.6', '2.0.1', '2.1'];
export const evse: OutletPlan = { evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) };
export const driver = { uid: 'DEADBEEF', type: 'RFID' };

/** Stations on a virtual clock, wired to a bare node that checks every frame: what the tests of the simulator stand on. */
export class Rig implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly node: BareNode;
  readonly #stations: ChargePoint[] = [];

  constructor(clock: VirtualClock, node: BareNode) {
    this.clock = clock;
    this.node = node;
  }

  /** A station that has booted and said all that it had to say. */
  async plug(version: OcppVersion, options: Partial<StationOptions> = {}): Promise<ChargePoint> {
    const station = await plugInStation({ url: this.node.url, id: 'CP1', version, evses: [evse], clock: this.clock, ...options });
    this.#stations.push(station);
    await station.idle();
    return station;
  }

  /** A station with a car that takes up to 32 A on three phases. */
  async charging(version: OcppVersion, options: Partial<StationOptions> = {}): Promise<{ station: ChargePoint; transaction: string }> {
    const station = await this.plug(version, options);
    const transaction = await station.plugIn(1, { car: buildCar({ maxAmperage: 32 }), idToken: driver });
    if (transaction === undefined) throw new Error('The bare node refused the start.');
    return { station, transaction };
  }

  /** Asks for the composite of the next 900 s. */
  askComposite(version: OcppVersion, extra: object = {}): Promise<unknown[]> {
    return this.node.call('CP1', 'GetCompositeSchedule', { ...(version === '1.6' ? { connectorId: 1 } : { evseId: 1 }), duration: 900, ...extra });
  }

  /** The actions that the station has called, in order. */
  actions(): unknown[] {
    return (this.node.frames.get('CP1') ?? []).filter((frame) => frame[0] === 2).map((frame) => frame[2]);
  }

  /** Disposes the stations, then the node; what was wrong with their frames comes back. */
  async close(): Promise<readonly string[]> {
    for (const station of this.#stations.splice(0)) await station[Symbol.asyncDispose]();
    await this.node[Symbol.asyncDispose]();
    return this.node.breaches;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** A rig whose clock stands at 2026-06-01T08:00:00Z. */
export async function buildRig(): Promise<Rig> {
  const clock = virtualClock(epochMillis(Date.parse('2026-06-01T08:00:00Z')));
  return new Rig(clock, await openBareNode({ clock }));
}

/** A SetChargingProfile payload in the words of the version: a TxProfile of 10 A, all parts replaceable. */
export function profileFor(version: OcppVersion, transaction: string, parts: { profile?: object; schedule?: object } = {}): object {
  const schedule = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }], ...parts.schedule };
  const common = { stackLevel: 1, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Relative' };
  if (version === '1.6')
    return {
      connectorId: 1,
      csChargingProfiles: { chargingProfileId: 200, transactionId: Number(transaction), ...common, ...parts.profile, chargingSchedule: schedule },
    };
  return { evseId: 1, chargingProfile: { id: 200, transactionId: transaction, ...common, ...parts.profile, chargingSchedule: [{ id: 1, ...schedule }] } };
}

/** The status of an answer, or the code of a CALLERROR. */
export const wordOf = (frame: unknown[]) => (frame[0] === 3 ? Object(frame[2]).status : frame[2]);
/** The schedule in an answer to GetCompositeSchedule of any version. */
export const scheduleIn = (frame: unknown[]) => Object(frame[2]).chargingSchedule ?? Object(frame[2]).schedule;
