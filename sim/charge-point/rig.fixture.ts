import { amperes, epochMillis, volts } from '../../src/domain/units.ts';
import type { OcppVersion } from '../../src/ocpp/station.ts';
import { buildCar } from '../battery.ts';
import { type ChargePoint, plugInStation } from '../charge-point.ts';
import { type VirtualClock, virtualClock } from '../clock.ts';
import { type BareNode, openBareNode } from './bare-node.fixture.ts';
import type { StationOptions } from './options.ts';
import type { EvsePlan } from './simulated-evse.ts';

/** All supported versions. */
export const VERSIONS: OcppVersion[] = ['1.6', '2.0.1', '2.1'];
/** A three-phase EVSE of 32 A. */
export const evse: EvsePlan = { evseId: 1, connectorId: 1, powerType: 'AC_3_PHASE', maxVoltage: volts(230), maxAmperage: amperes(32) };
/** A token that the bare node accepts. */
export const idToken = { uid: 'DEADBEEF', type: 'RFID' };

/** Stations on a virtual clock, connected to a bare node that checks every frame against its schema. */
export class Rig implements AsyncDisposable {
  readonly clock: VirtualClock;
  readonly node: BareNode;
  readonly #stations: ChargePoint[] = [];

  constructor(clock: VirtualClock, node: BareNode) {
    this.clock = clock;
    this.node = node;
  }

  /** Connects a station; resolves when it has booted and all its calls are answered. */
  async connect(version: OcppVersion, options: Partial<StationOptions> = {}): Promise<ChargePoint> {
    const station = await plugInStation({ url: this.node.url, id: 'CP1', version, evses: [evse], clock: this.clock, ...options });
    this.#stations.push(station);
    await station.idle();
    return station;
  }

  /** Connects a station and starts a transaction with a car that takes up to 32 A on three phases. */
  async charging(version: OcppVersion, options: Partial<StationOptions> = {}): Promise<{ station: ChargePoint; transaction: string }> {
    const station = await this.connect(version, options);
    const transaction = await station.plugIn(1, { car: buildCar({ maxAmperage: 32 }), idToken: idToken });
    if (transaction === undefined) throw new Error('The bare node refused the start.');
    return { station, transaction };
  }

  /** Asks for the composite schedule of the next 900 s. */
  getComposite(version: OcppVersion, extra: object = {}): Promise<unknown[]> {
    return this.node.call('CP1', 'GetCompositeSchedule', { ...(version === '1.6' ? { connectorId: 1 } : { evseId: 1 }), duration: 900, ...extra });
  }

  /** The actions of the station's calls, in order. */
  calledActions(): unknown[] {
    return (this.node.frames.get('CP1') ?? []).filter((frame) => frame[0] === 2).map((frame) => frame[2]);
  }

  /** Closes the stations, then the node; returns the schema violations in their frames. */
  async close(): Promise<readonly string[]> {
    for (const station of this.#stations.splice(0)) await station[Symbol.asyncDispose]();
    await this.node[Symbol.asyncDispose]();
    return this.node.violations;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Builds a rig whose clock starts at 2026-06-01T08:00:00Z. */
export async function buildRig(): Promise<Rig> {
  const clock = virtualClock(epochMillis(Date.parse('2026-06-01T08:00:00Z')));
  return new Rig(clock, await openBareNode({ clock }));
}

/** A SetChargingProfile payload of the version: a TxProfile of 10 A, with any field replaced. */
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

/** The status in a CALLRESULT, or the code of a CALLERROR. */
export const statusOf = (frame: unknown[]) => (frame[0] === 3 ? Object(frame[2]).status : frame[2]);
/** The schedule in a GetCompositeSchedule answer of any version. */
export const scheduleIn = (frame: unknown[]) => Object(frame[2]).chargingSchedule ?? Object(frame[2]).schedule;
