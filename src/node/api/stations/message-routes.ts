import { Type } from 'typebox';
import { Before, Limit } from '../lists.ts';
import { nothing, queryRoute, readRoute, route } from '../route.ts';
import { CommandResult, StationHistory, StationMessages, TriggerRequest } from './message-schemas.ts';

export const listStationMessages = queryRoute({
  name: 'list-station-messages',
  summary: 'The OCPP messages of a charge point that are kept, newest first: 24 h at most, within a bounded memory, since the start of the node.',
  path: 'stations/{station}/messages',
  query: Type.Object({ action: Type.Optional(Type.String({ maxLength: 64 })), limit: Limit, before: Before }),
  answer: StationMessages,
});

export const getStationHistory = readRoute({
  name: 'get-station-history',
  summary: 'When a charge point was connected, how quickly it answers, and how its abilities were found.',
  path: 'stations/{station}/history',
  answer: StationHistory,
});

export const askAbilities = route({
  name: 'ask-abilities',
  summary: 'Asks a charge point for its abilities again.',
  method: 'POST',
  path: 'stations/{station}/abilities',
  scope: 'operate',
  query: nothing,
  body: nothing,
  answer: CommandResult,
  replies: 'at once',
});

export const triggerMessage = route({
  name: 'trigger-message',
  summary: 'Requests one message of a charge point (OCPP TriggerMessage).',
  method: 'POST',
  path: 'stations/{station}/trigger',
  scope: 'operate',
  query: nothing,
  body: TriggerRequest,
  answer: CommandResult,
  replies: 'at once',
});
