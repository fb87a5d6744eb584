import { listOf } from '../lists.ts';
import { readRoute } from '../route.ts';
import { StationDetail, StationView } from './schemas.ts';

export const listStations = readRoute({
  name: 'list-stations',
  summary: 'The charge points of this node.',
  path: 'stations',
  answer: listOf(StationView),
});

export const getStation = readRoute({
  name: 'get-station',
  summary: 'One charge point with its abilities, its connection and its running sessions.',
  path: 'stations/{station}',
  answer: StationDetail,
});
