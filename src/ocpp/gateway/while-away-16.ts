import type { TokenDecision } from '../station.ts';
import { idTagInfo } from '../v16/id-tag-info.ts';
import { toIdToken } from '../v16/transactions.ts';
import { type AwayRow, boot, type Fields, heartbeat, numberIn, type Presented, refusal, report } from './while-away-row.ts';

const presentsTag = ({ idTag, connectorId }: Fields): Presented | undefined =>
  typeof idTag === 'string' ? { idToken: toIdToken(idTag), ...(typeof connectorId === 'number' && { evseId: connectorId }) } : undefined;

/** A message without a readable token gets no right to charge. */
const infoOf = (decision: TokenDecision | undefined) => idTagInfo(decision ?? { status: 'Invalid' });

/** What happens to each action of a station in OCPP 1.6 and its security whitepaper while the CSMS is away. */
export const away16: Readonly<Record<string, AwayRow>> = {
  Authorize: { keep: 'no', presents: presentsTag, answer: (_, { decision }) => ({ idTagInfo: infoOf(decision) }) },
  BootNotification: boot,
  DataTransfer: refusal({ status: 'Rejected' }),
  DiagnosticsStatusNotification: report,
  FirmwareStatusNotification: report,
  Heartbeat: heartbeat,
  LogStatusNotification: report,
  MeterValues: { ...report, isTransactional: true },
  SecurityEventNotification: report,
  SignCertificate: refusal({ status: 'Rejected' }),
  SignedFirmwareStatusNotification: report,
  StartTransaction: {
    keep: 'in-order',
    isEdge: () => true,
    isTransactional: true,
    presents: presentsTag,
    answer: (_, { decision, provisionalId = 0 }) => ({ transactionId: provisionalId, idTagInfo: infoOf(decision) }),
  },
  StatusNotification: { keep: 'newest', key: ({ connectorId }) => `status ${numberIn(connectorId)}`, answer: () => ({}) },
  StopTransaction: {
    keep: 'in-order',
    isEdge: () => true,
    isTransactional: true,
    presents: presentsTag,
    answer: (_, { decision }) => (decision ? { idTagInfo: idTagInfo(decision) } : {}),
  },
};
