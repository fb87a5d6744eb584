import type { Evse } from '../../../domain/evse.ts';
import { type StationId, stationId } from '../../../domain/ids.ts';
import { ok, type Result } from '../../../domain/result.ts';
import type { KnownAbilities } from '../../../domain/station.ts';
import type { CommandAnswer, Station } from '../../../ocpp/station.ts';
import { stationById } from '../../../store/sql/station.ts';
import type { Roles } from '../../compose/compose.ts';
import type { Context } from '../../core/context.ts';
import { DEFAULT_LIMIT, NEWEST, type PageRequest } from '../lists.ts';
import { invalid, oneById, type Refusal, refuse } from '../refusal.ts';
import type { CommandResult, StationHistory, StationMessages, TriggerRequest } from './message-schemas.ts';
import { viewAnswers, viewFindings, viewMessages, viewStates } from './view-messages.ts';

/** What an operator reads of the messages of a charge point, and what it may request from it. */
export interface StationMessageOperations {
  stationMessages(id: string, which?: PageRequest & { action?: string }): Promise<Result<StationMessages, Refusal>>;
  stationHistory(id: string): Promise<Result<StationHistory, Refusal>>;
  askAbilities(id: string): Promise<Result<CommandResult, Refusal>>;
  triggerMessage(id: string, request: TriggerRequest): Promise<Result<CommandResult, Refusal>>;
}

/** Creates the operations on messages of charge points. */
export function stationMessageOperations(context: Context, { cpo }: Pick<Roles, 'cpo'>): StationMessageOperations {
  const { config, store, clock, stationMessages: kept } = context;
  const find = (typed: string): Result<StationId, Refusal> => {
    const found = oneById(config.charge_points, (it) => it.id, { noun: 'charge point', typed, field: 'station' });
    return found.ok ? ok(stationId(found.value.id)) : found;
  };
  /** The command is sent and answered within seconds; the stop of the node waits for it. */
  const command = async (typed: string, send: (station: Station) => Promise<CommandAnswer>): Promise<Result<CommandResult, Refusal>> => {
    const id = find(typed);
    if (!id.ok) return id;
    const station = cpo?.stations.server?.station(id.value);
    if (!station) return refuse(409, 'NOT_CONNECTED', `${id.value} is not connected`);
    const answer = await context.work.run(`command to ${id.value}`, () => send(station));
    return ok(answer.is === 'ANSWERED' ? { answered: true, status: answer.status } : { answered: false, reason: answer.because });
  };
  return {
    stationMessages: async (typed, { action, limit = DEFAULT_LIMIT, before = NEWEST } = {}) => {
      const id = find(typed);
      if (!id.ok) return id;
      const all = viewMessages(kept.of(id.value)).reverse();
      const wanted = all.filter((it) => it.seq < before && (action === undefined || it.action === action));
      const items = wanted.slice(0, limit);
      const actions = [...new Set(all.flatMap((it) => it.action ?? []))].sort();
      return ok({ items, ...(wanted.length > limit && { next: items.at(-1)?.seq ?? 0 }), actions });
    },
    stationHistory: async (typed) => {
      const id = find(typed);
      if (!id.ok) return id;
      const abilities = (await store.first(stationById<KnownAbilities>(id.value)))?.abilities;
      return ok({
        ...viewStates(kept.statesOf(id.value), clock.now()),
        answers: viewAnswers(viewMessages(kept.of(id.value))),
        abilities: abilities ? viewFindings(abilities) : [],
      });
    },
    askAbilities: (typed) => command(typed, (station) => station.askAbilities()),
    triggerMessage: async (typed, { message, evse: uid }) => {
      const id = find(typed);
      if (!id.ok) return id;
      const evses = (cpo?.evses.ofStation(id.value) ?? []).map((it) => it.evse);
      const named = uid === undefined ? undefined : evses.find((it) => it.uid === uid);
      if (uid !== undefined && !named) return invalid('evse', `no EVSE ${uid} at ${id.value}`, evses.map((it) => it.uid).join(', '));
      return command(typed, (station) => station.trigger(message, named ?? defaultEvse(station, message, evses)));
    },
  };
}

/** A StatusNotification of OCPP 2.x is triggered for one connector (F06.FR.12). */
const defaultEvse = ({ version }: Station, message: TriggerRequest['message'], evses: readonly Evse[]): Evse | undefined =>
  version !== '1.6' && message === 'StatusNotification' ? evses[0] : undefined;
