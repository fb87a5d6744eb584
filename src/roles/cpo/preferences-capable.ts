import { type Contract, EVERY } from '../../domain/contract.ts';
import { fold } from '../../domain/ids.ts';

/** Where an EVSE stands, under the names that contracts use. */
export interface EvseAtLocation {
  uid: string;
  locationId: string;
}

/**
 * The EVSEs at which the wishes of drivers reach somebody who goes by them: those that one of these contracts covers, each of which
 * lets a party steer that takes wishes (OCPI 2.2.1 §9.2.1.2). Whose customers it is for counts when a driver asks.
 */
export const capableEvses = (spots: readonly EvseAtLocation[], contracts: readonly Pick<Contract, 'locations' | 'evses'>[]): ReadonlySet<string> =>
  new Set(spots.filter((spot) => contracts.some((contract) => covers(contract, spot))).map(({ uid }) => uid));

const covers = ({ locations, evses }: Pick<Contract, 'locations' | 'evses'>, { uid, locationId }: EvseAtLocation) =>
  names(locations, locationId) && names(evses, uid);
const names = (list: readonly string[] | undefined, name: string) => list === undefined || list.includes(EVERY) || list.some((it) => fold(it) === fold(name));
