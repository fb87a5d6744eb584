import { serveCalls, usage } from '../child-program.ts';
import { connectStations, type MinimalStation } from './station.ts';

const stations: MinimalStation[] = [];

/** What a crowd of charge points is asked. */
export const handlers = {
  connect: async (some: { from: number; count: number; port: number }): Promise<number> => stations.push(...(await connectStations(some))),
  usage,
};
serveCalls(handlers);
