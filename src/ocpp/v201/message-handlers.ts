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
import { parseMoment } from '../../domain/moment.ts';
import { byAction, type Notice, notice } from '../dialect.ts';
import { bootNotification, heartbeat } from './boot-notification.ts';
import { clearedChargingLimit, notifyChargingLimit, notifyEvChargingSchedule } from './charging-limits.ts';
import { notifyEvChargingNeeds } from './notify-ev-charging-needs.ts';
import { notifyEvent } from './notify-event.ts';
import { toIdToken, transactionEvent } from './transaction-event.ts';

/** A contract certificate cannot be checked here, so none opens the way (OCPP 2.0.1 C07); the station may still ask for a card. */
const authorize = notice<AuthorizeRequest, AuthorizeResponse>('Authorize', async (told, ears) => {
  if (told.certificate !== undefined || told.iso15118CertificateHashData !== undefined)
    return { idTokenInfo: { status: 'Invalid' }, certificateStatus: 'NoCertificateAvailable' };
  return { idTokenInfo: { status: (await ears.authorize(toIdToken(told.idToken))) ? 'Accepted' : 'Invalid' } };
});

const statusNotification = notice<StatusNotificationRequest, StatusNotificationResponse>('StatusNotification', async (told, ears) => {
  const { evseId, connectorId, connectorStatus: status } = told;
  await ears.heard({ kind: 'status', evseId, connectorId, status, at: parseMoment(told.timestamp) ?? ears.now() });
  return {};
});

/** The node knows no vendor's extensions. */
const dataTransfer = notice<DataTransferRequest, DataTransferResponse>('DataTransfer', () => ({ status: 'UnknownVendorId' }));

/** The node is no certificate authority, and has no way to one (OCPP 2.0.1 A02, M01, M06). */
const signCertificate = notice<SignCertificateRequest, SignCertificateResponse>('SignCertificate', () => ({ status: 'Rejected' }));
const get15118EvCertificate = notice<Get15118EVCertificateRequest, Get15118EVCertificateResponse>('Get15118EVCertificate', () => ({
  status: 'Failed',
  exiResponse: '',
}));
const getCertificateStatus = notice<GetCertificateStatusRequest, GetCertificateStatusResponse>('GetCertificateStatus', () => ({ status: 'Failed' }));

/** A report of a matter that the node takes no part in: its answer is empty. */
export const acknowledge = (action: string): Notice => notice<object, object>(action, () => ({}));

/** Every message that OCPP 2.0.1 lets a station send. */
export const notices = byAction(
  authorize,
  bootNotification,
  clearedChargingLimit,
  dataTransfer,
  acknowledge('FirmwareStatusNotification'),
  get15118EvCertificate,
  getCertificateStatus,
  heartbeat,
  acknowledge('LogStatusNotification'),
  // Outside of transactions only (OCPP 2.0.1 J01): those inside come with TransactionEvent.
  acknowledge('MeterValues'),
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
