import { fold, type PartyKey, partyKey } from '../../domain/ids.ts';
import type { Config } from './config.ts';
import { hostedParties } from './hosted-parties.ts';

type Places = Pick<Config, 'parties' | 'charge_points' | 'locations'>;

/** A text such as `nl*evk` as a party key. */
const keyFrom = (name: string): PartyKey => {
  const [country = '', party = ''] = name.split('*');
  return partyKey(country, party);
};

/** Finds the CPO of a location id: the party that the location or a charge point there names, else the only CPO of the node (CRE-27, RTE-04). */
export function cpoDirectory({ parties, charge_points, locations }: Places): (locationId: string) => PartyKey | undefined {
  const [only, ...others] = hostedParties({ parties }, 'CPO');
  const named = new Map<string, PartyKey>();
  const entries = [...charge_points.map(({ location_id: id, party }) => ({ id, party })), ...locations];
  for (const { id, party } of entries) if (party !== undefined) named.set(fold(id), keyFrom(party));
  return (locationId) => named.get(fold(locationId)) ?? (others.length === 0 ? only : undefined);
}

/** Charge points and locations whose party is missing, is no CPO of this node, or differs at one location (F-49). */
export function partyMistakes(config: Places): { key: string; says: string }[] {
  const cpos = hostedParties(config, 'CPO');
  const cpoOf = cpoDirectory(config);
  const allowed = cpos.join(' or ');
  const entries = [
    ...config.locations.map(({ id, party }, n) => ({ key: `locations.${n}`, id, party })),
    ...config.charge_points.map(({ location_id: id, party }, n) => ({ key: `charge_points.${n}`, id, party })),
  ];
  return cpos.length === 0
    ? []
    : entries.flatMap(({ key, id, party }) => {
        const owner = cpoOf(id);
        if (party !== undefined && !cpos.includes(keyFrom(party)))
          return [{ key: `${key}.party`, says: `found ${party}, must be a party with role CPO: ${allowed}` }];
        if (owner === undefined) return [{ key, says: `needs party, because parties has several CPOs: add party: ${allowed}, here or at location ${id}` }];
        return party === undefined || keyFrom(party) === owner
          ? []
          : [{ key: `${key}.party`, says: `found ${party}, but location ${id} belongs to ${owner}: all entries of one location need the same party` }];
      });
}
