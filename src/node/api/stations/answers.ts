import { ok } from '../../../domain/result.ts';
import { type AnsweredRoute, answerRoute } from '../route.ts';
import type { StationOperations } from './operations.ts';
import { getStation, listStations } from './routes.ts';

export const stationAnswers = (operations: StationOperations): readonly AnsweredRoute[] => [
  answerRoute(listStations, async () => ok({ items: await operations.stations() })),
  answerRoute(getStation, ({ params }) => operations.station(params.station)),
];
