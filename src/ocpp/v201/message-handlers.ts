import type {
  AuthorizeRequest,
  AuthorizeResponse,
  DataTransferRequest,
  DataTransferResponse,
  Get15118EVCertificateRequest,
  Get15118EVCertificateResponse,
  GetCertificateStatusRequest,
  GetCertificateStatusResponse,
  SignCertificateRequest,
  SignCertificateResponse,
  StatusNotificationRequest,
  StatusNotificationResponse,
} from 'typed-ocpp/dist/ocpp20/types.js';
import { acknowledge, byAction, messageHandler } from '../dialect.ts';
import { bootNotification, heartbeat } from './boot-notification.ts';
import { clearedChargingLimit, notifyChargingLimit, notifyEvChargingSchedule } from './charging-limits.ts';
import { idTokenInfo } from './id-token-info.ts';
import { meterValues } from './meter-values.ts';
import { notifyEvChargingNeeds } from './notify-ev-charging-needs.ts';
import { notifyEvent } from './notify-event.ts';
import { toIdToken, transactionEvent } from './transaction-event.ts';

/** Authorizes a token. The node cannot check contract certificates, so it refuses them (OCPP 2.0.1 C07); the driver may still use a card. */
const authorize = messageHandler<AuthorizeRequest, AuthorizeResponse>('Authorize', async (request, context) => {
  if (request.certificate !== undefined || request.iso15118CertificateHashData !== undefined)
    return { idTokenInfo: { status: 'Invalid' }, certificateStatus: 'NoCertificateAvailable' };
  return { idTokenInfo: idTokenInfo(await context.authorize(toIdToken(request.idToken))) };
});

const statusNotification = messageHandler<StatusNotificationRequest, StatusNotificationResponse>('StatusNotification', async (request, context) => {
  const { evseId, connectorId, connectorStatus: status } = request;
  await context.report({ kind: 'status', evseId, connectorId, status, at: context.moment(request.timestamp) });
  return {};
});

/** The node supports no vendor extensions. */
const dataTransfer = messageHandler<DataTransferRequest, DataTransferResponse>('DataTransfer', () => ({ status: 'UnknownVendorId' }));

/** The node is not a certificate authority and has no connection to one (OCPP 2.0.1 A02, M01, M06). */
const signCertificate = messageHandler<SignCertificateRequest, SignCertificateResponse>('SignCertificate', () => ({ status: 'Rejected' }));
const get15118EvCertificate = messageHandler<Get15118EVCertificateRequest, Get15118EVCertificateResponse>('Get15118EVCertificate', () => ({
  status: 'Failed',
  exiResponse: '',
}));
const getCertificateStatus = messageHandler<GetCertificateStatusRequest, GetCertificateStatusResponse>('GetCertificateStatus', () => ({ status: 'Failed' }));

/** A handler for every action that a station may send in OCPP 2.0.1. */
export const handlers = byAction(
  authorize,
  bootNotification,
  clearedChargingLimit,
  dataTransfer,
  acknowledge('FirmwareStatusNotification'),
  get15118EvCertificate,
  getCertificateStatus,
  heartbeat,
  acknowledge('LogStatusNotification'),
  meterValues,
  notifyChargingLimit,
  acknowledge('NotifyCustomerInformation'),
  acknowledge('NotifyDisplayMessages'),
  notifyEvChargingNeeds,
  notifyEvChargingSchedule,
  notifyEvent,
  acknowledge('NotifyMonitoringReport'),
  acknowledge('NotifyReport'),
  acknowledge('PublishFirmwareStatusNotification'),
  acknowledge('ReportChargingProfiles'),
  acknowledge('ReservationStatusUpdate'),
  acknowledge('SecurityEventNotification'),
  signCertificate,
  statusNotification,
  transactionEvent,
);
