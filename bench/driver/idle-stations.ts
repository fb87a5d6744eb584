import { serveCalls, usage } from '../child-program.ts';
import { connectStations, type MinimalStation } from './station.ts';

const stations: MinimalStation[] = [];
/** Charge points that connect at once. */
const GROUP = 64;

/** Charge points that connect and then send nothing, or report that they are available. Both return how many are connected. */
export const handlers = {
  connect: async (range: { from: number; count: number; port: number }): Promise<number> => stations.push(...(await connectStations(range))),
  connectAvailable: async (range: { from: number; count: number; port: number }): Promise<number> => {
    for (let from = range.from; from < range.from + range.count; from += GROUP) {
      const opened = await connectStations({ ...range, from, count: Math.min(GROUP, range.from + range.count - from) });
      await Promise.all(opened.map((station) => station.reportAvailable()));
      stations.push(...opened);
    }
    return stations.length;
  },
  usage,
};
serveCalls(handlers);
