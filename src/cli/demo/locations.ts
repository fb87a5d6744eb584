import { garage, type StreetStation, street, yard } from '../../../sim/index.ts';
import type { Topology } from './topologies.ts';

/** The simulated location at which one topology is shown. */
export interface DemoLocation {
  id: string;
  address: string;
  coordinates: { latitude: string; longitude: string };
  stations(seed: string): StreetStation[];
  /** Token uids of its drivers. */
  cards: readonly string[];
  /** Party id of the drivers' eMSP. */
  party: string;
  /** Total limit of its sessions in A per phase, which the SCSP shares out; absent: no SCSP plans here. */
  limit?: number;
  /** One line for people: who steers, and the route of a profile. */
  description: string;
}

const cards = (series: number) => [1, 2, 3].map((n) => `A1B2C3D4E5F6${series}00${n}`);

/** One location for each topology. */
export const demoLocations: Readonly<Record<Topology, DemoLocation>> = {
  emsp: {
    id: 'STREET',
    address: 'Keizersgracht 1',
    coordinates: { latitude: '52.37911', longitude: '4.88830' },
    stations: street,
    cards: cards(0),
    party: 'MSP',
    description: 'STREET: the eMSP steers its own customers             eMSP → CPO → charge point',
  },
  relay: {
    id: 'YARD',
    address: 'Distelweg 3',
    coordinates: { latitude: '52.39272', longitude: '4.89521' },
    stations: yard,
    cards: cards(1),
    party: 'MSP',
    limit: 32,
    description: 'YARD: the SCSP shares out 32 A for the eMSP           SCSP → eMSP → CPO → charge point',
  },
  'cpo-scsp': {
    id: 'GARAGE',
    address: 'Oosterdokskade 5',
    coordinates: { latitude: '52.37660', longitude: '4.90795' },
    stations: garage,
    cards: cards(2),
    party: 'TNM', // an eMSP without a node in the demo
    limit: 24,
    description: 'GARAGE: the SCSP shares out 24 A for the CPO          SCSP → CPO → charge point',
  },
};

/** Whether the topologies need a node of this role; a CPO is always needed. */
export const needsNode = {
  emsp: (shown: readonly Topology[]) => shown.includes('emsp') || shown.includes('relay'),
  scsp: (shown: readonly Topology[]) => shown.includes('relay') || shown.includes('cpo-scsp'),
};
