import { ok } from '../../../domain/result.ts';
import { type AnsweredRoute, answerRoute } from '../route.ts';
import type { StationMessageOperations } from './message-operations.ts';
import { askAbilities, getStationHistory, listStationMessages, triggerMessage } from './message-routes.ts';
import type { StationOperations } from './operations.ts';
import { getStation, listStations } from './routes.ts';

export const stationAnswers = (operations: StationOperations & StationMessageOperations): readonly AnsweredRoute[] => [
  answerRoute(listStations, async () => ok({ items: await operations.stations() })),
  answerRoute(getStation, ({ params }) => operations.station(params.station)),
  answerRoute(listStationMessages, ({ params, query }) => operations.stationMessages(params.station, query)),
  answerRoute(getStationHistory, ({ params }) => operations.stationHistory(params.station)),
  answerRoute(askAbilities, ({ params }) => operations.askAbilities(params.station)),
  answerRoute(
    triggerMessage,
    ({ params, body }) => operations.triggerMessage(params.station, body),
    ({ params, body }) => ({ subject: params.station, says: body.evse === undefined ? body.message : `${body.message} ${body.evse}` }),
  ),
];
