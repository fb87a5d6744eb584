import { serveCalls, usage } from '../child-program.ts';
import { connectStations, type MinimalStation } from './station.ts';

const stations: MinimalStation[] = [];

/** Charge points that connect and then send nothing. `connect` returns how many are connected. */
export const handlers = {
  connect: async (range: { from: number; count: number; port: number }): Promise<number> => stations.push(...(await connectStations(range))),
  usage,
};
serveCalls(handlers);
