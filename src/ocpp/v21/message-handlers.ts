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
import { byAction, notice } from '../dialect.ts';
import { limitChanged } from '../v201/charging-limits.ts';
import { acknowledge, notices as before } from '../v201/message-handlers.ts';

/** Priority charging puts another profile in the place of ours, or ours back in its place (OCPP 2.1 K21). */
const notifyPriorityCharging = notice<NotifyPriorityChargingRequest, NotifyPriorityChargingResponse>('NotifyPriorityCharging', async (told, ears) => {
  await ears.heard(limitChanged('PriorityCharging', undefined, { isOver: !told.activated }));
  return {};
});

/** Profiles of ours are never dynamic, so there is no update to pull (OCPP 2.1 K28). */
const pullDynamicScheduleUpdate = notice<PullDynamicScheduleUpdateRequest, PullDynamicScheduleUpdateResponse>('PullDynamicScheduleUpdate', () => ({
  status: 'Rejected',
}));

/** The node has no way to a certificate authority: it says of each certificate that the look-up failed (OCPP 2.1 M07). */
const getCertificateChainStatus = notice<GetCertificateChainStatusRequest, GetCertificateChainStatusResponse>('GetCertificateChainStatus', (told, ears) => ({
  certificateStatus: told.certificateStatusRequests.map(({ certificateHashData, source }) => ({
    certificateHashData,
    source,
    status: 'Failed',
    nextUpdate: printMomentMillis(ears.now()),
  })),
}));

/** The node draws no event streams (OCPP 2.1 N11). */
const openPeriodicEventStream = notice<OpenPeriodicEventStreamRequest, OpenPeriodicEventStreamResponse>('OpenPeriodicEventStream', () => ({
  status: 'Rejected',
}));

/** The node knows no register of VAT numbers: it cannot confirm one (OCPP 2.1 C24). */
const vatNumberValidation = notice<VatNumberValidationRequest, VatNumberValidationResponse>('VatNumberValidation', ({ vatNumber, evseId }) => ({
  status: 'Rejected',
  vatNumber,
  ...(evseId === undefined ? {} : { evseId }),
}));

/** Every message that OCPP 2.1 lets a station send and wait for: those of OCPP 2.0.1, which are read alike, and its own. */
export const notices = new Map([
  ...before,
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
