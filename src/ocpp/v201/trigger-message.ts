import type { TriggerMessageRequest } from 'typed-ocpp/dist/ocpp20/types.js';
import type { Dialect } from '../dialect.ts';

/** TriggerMessage of OCPP 2.x (F06). Only a StatusNotification names the connector, and it must (F06.FR.12). */
export const trigger: Dialect['trigger'] = (message, evse) => ({
  action: 'TriggerMessage',
  payload: {
    requestedMessage: message,
    ...(evse && { evse: { id: evse.evseId, ...(message === 'StatusNotification' && { connectorId: evse.connectorId }) } }),
  } satisfies TriggerMessageRequest,
});
