import { fingerprint } from '../../store/encryption.ts';
import type { Config } from '../config/config.ts';
import { ourCredentials } from './credentials.ts';

type Offering = Pick<Config, 'parties' | 'public_url'>;

const STEERED = ['sessions SENDER', 'chargingprofiles RECEIVER'];
const RECEIVING = ['sessions RECEIVER', 'chargingprofiles SENDER', 'locations RECEIVER'];
/** The interfaces of OCPI that each role of this node offers to peers. */
const INTERFACES: Readonly<Record<Config['parties'][number]['role'], readonly string[]>> = {
  CPO: [...STEERED, 'locations SENDER', 'tokens RECEIVER'],
  EMSP: [...STEERED, ...RECEIVING, 'tokens SENDER'],
  SCSP: RECEIVING,
};

/** The interfaces in the version details of this node, such as `sessions SENDER`, sorted. */
export const offeredInterfaces = ({ parties }: Pick<Config, 'parties'>): readonly string[] =>
  [...new Set(['credentials SENDER', 'hubclientinfo RECEIVER', ...parties.flatMap(({ role }) => INTERFACES[role])])].sort();

/** A hash of what peers learn with our credentials: parties, URL and modules. A peer that got another one must get them again (VER-12). */
export const hashOfOffer = (config: Offering): string => fingerprint(JSON.stringify([ourCredentials(config, ''), offeredInterfaces(config)]));
