import type { PowerType } from '../../domain/evse.ts';
import { type Amperes, amperes, type Volts, volts, type Watts, watts } from '../../domain/units.ts';
import type { EvseStatus, WireEvse } from '../../ocpi/locations/evse.ts';

/** The data of a peer's EVSE that planning needs. */
export interface RemoteEvse {
  status: EvseStatus;
  /** Capabilities of OCPI, such as CHARGING_PROFILE_CAPABLE (OCPI 2.2.1 §8.4.3). */
  capabilities: readonly string[];
  connectors: readonly RemoteConnector[];
}

/** The limits of one connector: voltage (line to neutral for AC), current per phase, and power over all phases if the CPO reports it. */
export interface RemoteConnector {
  id: string;
  powerType: PowerType;
  maxVoltage: Volts;
  maxAmperage: Amperes;
  maxPower?: Watts;
}

/** Reads an EVSE of OCPI (OCPI 2.2.1 §8.3.2). */
export const readRemoteEvse = ({ status, capabilities = [], connectors }: WireEvse): RemoteEvse => ({
  status,
  capabilities,
  connectors: connectors.map(({ id, power_type, max_voltage, max_amperage, max_electric_power }) => ({
    id,
    powerType: power_type,
    maxVoltage: volts(max_voltage),
    maxAmperage: amperes(max_amperage),
    ...(max_electric_power !== undefined && { maxPower: watts(max_electric_power) }),
  })),
});
