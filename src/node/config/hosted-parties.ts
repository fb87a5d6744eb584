import type { PartyKey } from '../../domain/ids.ts';
import { keyOf, type Role } from '../../domain/party.ts';
import type { Config } from './config.ts';

type Hosting = Pick<Config, 'parties'>;

/** The parties of this node, without duplicates; with roles given, only parties that have one of them. */
export const hostedParties = ({ parties }: Hosting, ...roles: readonly Role[]): readonly PartyKey[] => [
  ...new Set(parties.filter(({ role }) => roles.length === 0 || roles.includes(role)).map(keyOf)),
];

/** Whether this node has a party with one of these roles. */
export const hasRole = ({ parties }: Hosting, ...roles: readonly Role[]): boolean => parties.some(({ role }) => roles.includes(role));
