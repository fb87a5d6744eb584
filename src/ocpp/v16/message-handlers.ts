import type {
  AuthorizeRequest,
  AuthorizeResponse,
  DataTransferRequest,
  DataTransferResponse,
  SignCertificateRequest,
  SignCertificateResponse,
} from 'typed-ocpp/dist/ocpp16/types.js';
import { acknowledge, byAction, messageHandler } from '../dialect.ts';
import { bootNotification, heartbeat } from './boot-notification.ts';
import { idTagInfo } from './id-tag-info.ts';
import { meterValues } from './meter-values.ts';
import { statusNotification } from './status-notification.ts';
import { startTransaction, stopTransaction, toIdToken } from './transactions.ts';

const authorize = messageHandler<AuthorizeRequest, AuthorizeResponse>('Authorize', async (request, context) => ({
  idTagInfo: idTagInfo(await context.authorize(toIdToken(request.idTag))),
}));

/** The node supports no vendor extensions. */
const dataTransfer = messageHandler<DataTransferRequest, DataTransferResponse>('DataTransfer', () => ({ status: 'UnknownVendorId' }));

/** The node is not a certificate authority (OCPP 1.6 security whitepaper, A02). */
const signCertificate = messageHandler<SignCertificateRequest, SignCertificateResponse>('SignCertificate', () => ({ status: 'Rejected' }));

/** A handler for every action that a station may send in OCPP 1.6J and its security whitepaper. */
export const handlers = byAction(
  authorize,
  bootNotification,
  dataTransfer,
  acknowledge('DiagnosticsStatusNotification'),
  acknowledge('FirmwareStatusNotification'),
  heartbeat,
  acknowledge('LogStatusNotification'),
  meterValues,
  acknowledge('SecurityEventNotification'),
  signCertificate,
  acknowledge('SignedFirmwareStatusNotification'),
  startTransaction,
  statusNotification,
  stopTransaction,
);
