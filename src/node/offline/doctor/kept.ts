import { openStore } from '../../../store/open.ts';
import { consentedParties } from '../../../store/sql/consent.ts';
import { allContracts } from '../../../store/sql/contract.ts';
import type { Config } from '../../config/config.ts';
import { viewClaims } from '../../peers/party-claims.ts';
import { checkAgreements } from './agreements.ts';
import { type Finding, passed } from './finding.ts';

/** What stands in the store that the operator should know of; the store was found in order before. */
export async function checkStoredData(config: Config): Promise<readonly Finding[]> {
  await using store = await openStore(config.database);
  const claims = await viewClaims({ store, config });
  const agreed = await store.all(consentedParties);
  return [
    ...claims.map(({ peer, role, party, why }) =>
      passed('claims', `${peer} claims ${role} ${party}, which is held (${why}): evenkeel approve --peer ${peer} --party ${party} lets it in`),
    ),
    ...checkAgreements(config, { contracts: await store.all(allContracts), consents }),
  ];
}
