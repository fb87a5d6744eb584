import type {
  AuthorizeRequest,
  AuthorizeResponse,
  DataTransferRequest,
  DataTransferResponse,
  SignCertificateRequest,
  SignCertificateResponse,
} from 'typed-ocpp/dist/ocpp16/types.js';
import { byAction, notice } from '../dialect.ts';
import { bootNotification, heartbeat } from './boot-notification.ts';
import { meterValues } from './meter-values.ts';
import { statusNotification } from './status-notification.ts';
import { startTransaction, stopTransaction, toIdToken } from './transactions.ts';

const authorize = notice<AuthorizeRequest, AuthorizeResponse>('Authorize', async (told, ears) => ({
  idTagInfo: { status: (await ears.authorize(toIdToken(told.idTag))) ? 'Accepted' : 'Invalid' },
}));

/** The node knows no vendor's extensions. */
const dataTransfer = notice<DataTransferRequest, DataTransferResponse>('DataTransfer', () => ({ status: 'UnknownVendorId' }));

/** The node is no certificate authority (OCPP 1.6 security whitepaper, A02). */
const signCertificate = notice<SignCertificateRequest, SignCertificateResponse>('SignCertificate', () => ({ status: 'Rejected' }));

/** Reports of matters that the node takes no part in: their answer is empty. */
const acknowledge = (action: string) => notice<object, object>(action, () => ({}));

/** Every message that OCPP 1.6J and its security whitepaper let a station send. */
export const notices = byAction(
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
