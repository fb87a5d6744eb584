import { garage, type StreetStation, street, yard } from '../../../sim/index.ts';
import type { Topology } from './topologies.ts';

/** A driver of the demo; every name is made up. */
export interface Driver {
  name: string;
  uid: string;
}

/** A fuse and the panels behind it, in A per phase. Their cars want more than it allows. */
export interface DemoSite {
  name: string;
  fuse: number;
  panels: readonly { name: string; fuse: number; stations: readonly string[] }[];
}

/** The simulated location at which one topology is shown. */
export interface DemoLocation {
  id: string;
  address: string;
  coordinates: { latitude: string; longitude: string };
  stations(seed: string): StreetStation[];
  /** Its drivers, with the uid of each driver's token. */
  drivers: readonly Driver[];
  /** Party id of the drivers' eMSP. */
  party: string;
  /** Total limit of its sessions in A per phase, which the SCSP shares out; absent: no SCSP plans here. */
  limit?: number;
  /** The fuse that the CPO keeps; absent: the CPO limits nothing here. */
  site?: DemoSite;
  /** One line for people: who steers, and the route of a profile. */
  description: string;
}

const driversOf = (series: number, ...names: readonly string[]): Driver[] =>
  names.map((name, at) => ({ name, uid: `A1B2C3D4E5F6${series}${String(at + 1).padStart(3, '0')}` }));

/** The contract of a driver, in the form of an EMAID: `NL-MSP-CANNA0001`. */
export const contractOf = (party: string, { name }: Driver): string => `NL-${party}-C${name.toUpperCase().padEnd(7, '0')}1`;

/** One location for each topology. */
export const demoLocations: Readonly<Record<Topology, DemoLocation>> = {
  emsp: {
    id: 'STREET',
    address: 'Keizersgracht 1',
    coordinates: { latitude: '52.37911', longitude: '4.88830' },
    stations: street,
    drivers: driversOf(0, 'Anna', 'Joost', 'Meryem', 'Sofie', 'Daan', 'Fatima', 'Pieter', 'Noor', 'Lars', 'Emma', 'Yusuf', 'Eva'),
    party: 'MSP',
    site: {
      name: 'street',
      fuse: 50,
      panels: [
        { name: 'north', fuse: 25, stations: ['OAK-1', 'IVY-1'] },
        { name: 'south', fuse: 32, stations: ['ELM-1', 'ELM-2', 'ASH-1', 'MAY-1'] },
      ],
    },
    description: 'STREET: the eMSP steers its own customers, 50 A fuse  eMSP → CPO → charge point',
  },
  relay: {
    id: 'YARD',
    address: 'Distelweg 3',
    coordinates: { latitude: '52.39272', longitude: '4.89521' },
    stations: yard,
    drivers: driversOf(1, 'Bram', 'Lotte', 'Sem'),
    party: 'MSP',
    limit: 32,
    description: 'YARD: the SCSP shares out 32 A for the eMSP           SCSP → eMSP → CPO → charge point',
  },
  'cpo-scsp': {
    id: 'GARAGE',
    address: 'Oosterdokskade 5',
    coordinates: { latitude: '52.37660', longitude: '4.90795' },
    stations: garage,
    drivers: driversOf(2, 'Mila', 'Ruben', 'Julia'),
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
