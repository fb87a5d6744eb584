import type { TriggerMessageRequest } from 'typed-ocpp/dist/ocpp16/types.js';
import type { Dialect } from '../dialect.ts';

/** TriggerMessage of OCPP 1.6 (§5.17). Without a connector the station sends the message for all of them. */
export const trigger: Dialect['trigger'] = (message, evse) => ({
  action: 'TriggerMessage',
  payload: { requestedMessage: message, ...(evse && { connectorId: evse.evseId }) } satisfies TriggerMessageRequest,
});
