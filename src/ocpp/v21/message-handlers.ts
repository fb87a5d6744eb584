import type {
  GetCertificateChainStatusRequest,
  GetCertificateChainStatusResponse,
  NotifyPriorityChargingRequest,
  NotifyPriorityChargingResponse,
  OpenPeriodicEventStreamRequest,
  OpenPeriodicEventStreamResponse,
  PullDynamicScheduleUpdateRequest,
  PullDynamicScheduleUpdateResponse,
  VatNumberValidationRequest,
  VatNumberValidationResponse,
} from 'typed-ocpp/dist/ocpp21/types.js';
import { printMomentMillis } from '../../domain/moment.ts';
import { acknowledge, byAction, messageHandler } from '../dialect.ts';
import { limitChangedEvent } from '../v201/charging-limits.ts';
import { handlers as ofV201 } from '../v201/message-handlers.ts';

/** Reports that priority charging has replaced the node's profile, or that the node's profile applies again (OCPP 2.1 K21). */
const notifyPriorityCharging = messageHandler<NotifyPriorityChargingRequest, NotifyPriorityChargingResponse>(
  'NotifyPriorityCharging',
  async (request, context) => {
    await context.report(limitChangedEvent('PriorityCharging', undefined, { isOver: !request.activated }));
    return {};
  },
);

/** The node sends no dynamic profiles, so there is no update to pull (OCPP 2.1 K28). */
const pullDynamicScheduleUpdate = messageHandler<PullDynamicScheduleUpdateRequest, PullDynamicScheduleUpdateResponse>('PullDynamicScheduleUpdate', () => ({
  status: 'Rejected',
}));

/** The node has no connection to a certificate authority: the status of every certificate is Failed (OCPP 2.1 M07). */
const getCertificateChainStatus = messageHandler<GetCertificateChainStatusRequest, GetCertificateChainStatusResponse>(
  'GetCertificateChainStatus',
  (request, context) => ({
    certificateStatus: request.certificateStatusRequests.map(({ certificateHashData, source }) => ({
      certificateHashData,
      source,
      status: 'Failed',
      nextUpdate: printMomentMillis(context.now()),
    })),
  }),
);

/** The node uses no event streams (OCPP 2.1 N11). */
const openPeriodicEventStream = messageHandler<OpenPeriodicEventStreamRequest, OpenPeriodicEventStreamResponse>('OpenPeriodicEventStream', () => ({
  status: 'Rejected',
}));

/** The node has no access to a register of VAT numbers, so it confirms none (OCPP 2.1 C24). */
const vatNumberValidation = messageHandler<VatNumberValidationRequest, VatNumberValidationResponse>('VatNumberValidation', ({ vatNumber, evseId }) => ({
  status: 'Rejected',
  vatNumber,
  ...(evseId === undefined ? {} : { evseId }),
}));

/** A handler for every CALL that a station may send in OCPP 2.1: the actions of OCPP 2.0.1 and the new ones. */
export const handlers = new Map([
  ...ofV201,
  ...byAction(
    acknowledge('BatterySwap'),
    acknowledge('ClosePeriodicEventStream'),
    getCertificateChainStatus,
    acknowledge('NotifyDERAlarm'),
    acknowledge('NotifyDERStartStop'),
    notifyPriorityCharging,
    acknowledge('NotifySettlement'),
    openPeriodicEventStream,
    pullDynamicScheduleUpdate,
    acknowledge('ReportDERControl'),
    vatNumberValidation,
  ),
]);
