import { answerAt, usage } from '../child-program.ts';
import { connectStations, type LeanStation } from './station.ts';

const stations: LeanStation[] = [];

/** What a crowd of charge points is asked. */
export const desk = {
  connect: async (some: { from: number; count: number; port: number }): Promise<number> => stations.push(...(await connectStations(some))),
  usage,
};
answerAt(desk);
