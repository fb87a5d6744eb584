import type { NotifyEventRequest, NotifyEventResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { parseMoment } from '../../domain/moment.ts';
import { type Ears, notice } from '../dialect.ts';

/** The words of a connector's AvailabilityState, the same as those of StatusNotification (OCPP 2.0.1 §3.18). */
const STATES: ReadonlySet<string> = new Set(['Available', 'Occupied', 'Reserved', 'Unavailable', 'Faulted']);

/** Some stations tell of their connectors by events, as OCPP 2.1 asks for (OCPP 2.0.1 G01); other events are no matter of the node. */
export const notifyEvent = notice<NotifyEventRequest, NotifyEventResponse>('NotifyEvent', async (told, ears) => {
  for (const event of told.eventData) await hearState(ears, event);
  return {};
});

async function hearState(ears: Ears, { component, variable, actualValue, timestamp }: NotifyEventRequest['eventData'][number]): Promise<void> {
  const { id: evseId, connectorId } = component.evse ?? {};
  if (component.name !== 'Connector' || variable.name !== 'AvailabilityState' || !STATES.has(actualValue)) return;
  if (evseId === undefined || connectorId === undefined) return;
  await ears.heard({ kind: 'status', evseId, connectorId, status: actualValue, at: parseMoment(timestamp) ?? ears.now() });
}
