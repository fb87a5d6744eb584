import { createHash } from 'node:crypto';
import type { StartTransactionResponse } from 'typed-ocpp/dist/ocpp16/types.js';
import type { TokenDecision, TokenStatus } from '../../domain/station.ts';

type IdTagInfo = StartTransactionResponse['idTagInfo'];

/** OCPP 1.6 has no word for a missing credit or another location: such a card may not charge here, which is `Blocked` (OCPP 1.6 §7.2). */
const STATUSES: Readonly<Record<TokenStatus, IdTagInfo['status']>> = {
  Accepted: 'Accepted',
  Blocked: 'Blocked',
  Expired: 'Expired',
  Invalid: 'Invalid',
  NoCredit: 'Blocked',
  NotAtThisLocation: 'Blocked',
};
/** The length of an IdToken in OCPP 1.6. */
const LONGEST = 20;

/** The decision on a token as OCPP 1.6 writes it. A group with a longer name gets a digest of it: charge points only compare groups. */
export function idTagInfo({ status, group }: TokenDecision): IdTagInfo {
  const parent = group !== undefined && group.length > LONGEST ? createHash('sha256').update(group).digest('hex').slice(0, LONGEST) : group;
  return { status: STATUSES[status], ...(parent !== undefined && { parentIdTag: parent }) };
}
