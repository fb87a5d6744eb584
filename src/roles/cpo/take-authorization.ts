import { fold } from '../../domain/ids.ts';
import type { WireAuthorizationInfo } from '../../ocpi/tokens/token.ts';

/** What an eMSP said to the question whether a token may charge; SILENT: nothing, or nothing that could be read. */
export type Authorization = { is: 'ANSWERED'; info: WireAuthorizationInfo } | { is: 'UNKNOWN_TOKEN' } | { is: 'SILENT' };

/** Whether the answer lets the token charge at that location. Some eMSPs repeat no location; one that names another place allows only that. */
export function allows(info: WireAuthorizationInfo, locationId: string | undefined): boolean {
  const elsewhere = info.location !== undefined && locationId !== undefined && fold(info.location.location_id) !== fold(locationId);
  return info.allowed === 'ALLOWED' && !elsewhere;
}
