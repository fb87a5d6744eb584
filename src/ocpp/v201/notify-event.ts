import type { NotifyEventRequest, NotifyEventResponse } from 'typed-ocpp/dist/ocpp20/types.js';
import { type HandlerContext, messageHandler } from '../dialect.ts';
import { meantWord } from '../patience/words.ts';

/** The values of a connector's AvailabilityState, the same as the status in StatusNotification (OCPP 2.0.1 §3.18). */
const STATES = ['Available', 'Occupied', 'Reserved', 'Unavailable', 'Faulted'];

/** Reports a connector's status that comes as an event: OCPP 2.1 requires this form and OCPP 2.0.1 allows it (G01). Other events are ignored. */
export const notifyEvent = messageHandler<NotifyEventRequest, NotifyEventResponse>('NotifyEvent', async (request, context) => {
  for (const event of request.eventData) await reportState(context, event);
  return {};
});

async function reportState(context: HandlerContext, { component, variable, actualValue, timestamp }: NotifyEventRequest['eventData'][number]): Promise<void> {
  const { id: evseId, connectorId } = component.evse ?? {};
  if (component.name !== 'Connector' || variable.name !== 'AvailabilityState') return;
  const status = meantWord(actualValue, STATES)?.word;
  if (status === undefined || evseId === undefined || connectorId === undefined) return;
  await context.report({ kind: 'status', evseId, connectorId, status, at: context.moment(timestamp) });
}
