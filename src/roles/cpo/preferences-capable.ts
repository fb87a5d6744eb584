import { type Contract, EVERY } from '../../domain/contract.ts';
import { fold } from '../../domain/ids.ts';

/** An EVSE with its location id, as contracts refer to them. */
export interface EvseAtLocation {
  uid: string;
  locationId: string;
}

/**
 * The uids of the EVSEs at which charging preferences are applied: those that one of the contracts covers (OCPI 2.2.1 §9.2.1.2). Pass
 * only contracts of parties that may control and accept preferences. The customers of a contract are not checked here.
 */
export const capableEvses = (evses: readonly EvseAtLocation[], contracts: readonly Pick<Contract, 'locations' | 'evses'>[]): ReadonlySet<string> =>
  new Set(evses.filter((evse) => contracts.some((contract) => covers(contract, evse))).map(({ uid }) => uid));

const covers = ({ locations, evses }: Pick<Contract, 'locations' | 'evses'>, { uid, locationId }: EvseAtLocation) =>
  includes(locations, locationId) && includes(evses, uid);
const includes = (list: readonly string[] | undefined, name: string) =>
  list === undefined || list.includes(EVERY) || list.some((it) => fold(it) === fold(name));
