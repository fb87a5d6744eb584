import { garage, type StreetStation, street, yard } from '../../../sim/index.ts';
import type { Topology } from './topologies.ts';

/** Where a topology is at work. */
export interface DemoLocation {
  /** The location's id. */
  id: string;
  stations(seed: string): StreetStation[];
  /** The cards of its drivers. */
  cards: readonly string[];
  /** Whose customers they are. */
  party: string;
  /** What its sessions may draw together, A per phase; absent: nobody plans for the place. */
  limit?: number;
  /** Who asks whom, in a line. */
  description: string;
}

const cards = (series: number) => [1, 2, 3].map((n) => `A1B2C3D4E5F6${series}00${n}`);

/** Each topology has a place of its own. */
export const demoLocations: Readonly<Record<Topology, DemoLocation>> = {
  emsp: {
    id: 'STREET',
    stations: street,
    cards: cards(0),
    party: 'MSP',
    description: 'STREET: the eMSP steers its customers        eMSP → CPO → charge point',
  },
  relay: {
    id: 'YARD',
    stations: yard,
    cards: cards(1),
    party: 'MSP',
    limit: 32,
    description: 'YARD: the SCSP plans for the eMSP, 32 A      SCSP → eMSP → CPO → charge point',
  },
  'cpo-scsp': {
    id: 'GARAGE',
    stations: garage,
    cards: cards(2),
    party: 'TNM', // an eMSP that is not in the demo
    limit: 24,
    description: 'GARAGE: the SCSP plans for the CPO, 24 A     SCSP → CPO → charge point',
  },
};

/** Which nodes take part beside the CPO. */
export const needsNode = {
  emsp: (some: readonly Topology[]) => some.includes('emsp') || some.includes('relay'),
  scsp: (some: readonly Topology[]) => some.includes('relay') || some.includes('cpo-scsp'),
};
