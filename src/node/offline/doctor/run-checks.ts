import { openStoreBeside } from '../../../store/open.ts';
import { consentedParties } from '../../../store/sql/consent.ts';
import { allContracts } from '../../../store/sql/contract.ts';
import { countTokenClaims } from '../../../store/sql/token-claim.ts';
import type { Config } from '../../config/config.ts';
import { viewClaims } from '../../peers/party-claims.ts';
import { checkAgreements } from './agreements.ts';
import { checkAlarms } from './alarms.ts';
import { advised, type Finding } from './finding.ts';
import { checkKeyFile } from './key-files.ts';
import { checkLocations } from './locations.ts';
import { checkMachine } from './machine.ts';
import { checkPasswords } from './passwords.ts';
import { checkPorts } from './ports.ts';
import { checkStore } from './store.ts';
import { checkTls } from './tls-files.ts';

/** Checks everything that a node with this configuration needs. A running node is not disturbed. */
export async function runChecks(config: Config): Promise<readonly Finding[]> {
  const store = await checkStore(config);
  return [
    ...checkMachine(),
    ...checkKeyFile(config),
    ...store.findings,
    ...(await checkPorts(config)),
    ...checkTls(config),
    ...checkLocations(config),
    ...checkPasswords(config),
    ...(await checkAlarms(config)),
    ...(store.readable && store.findings.every(({ ok }) => ok) ? await checkStoredData(config) : []),
  ];
}

/** Advice about held claims to parties and tokens, contracts and consents in the database. */
async function checkStoredData(config: Config): Promise<readonly Finding[]> {
  await using store = await openStoreBeside(config.database);
  const claims = await viewClaims({ store, config });
  return [
    ...claims.map(({ peer, role, party, why }) =>
      advised('claims', `${peer} claims ${role} ${party}, which is held (${why}): to allow it, run evenkeel approve --peer ${peer} --party ${party}`),
    ),
    ...(await store.all(countTokenClaims)).map(({ party, count }) =>
      advised(
        'claims',
        `${party} claims ${count} ${count === 1 ? 'token' : 'tokens'} that another party sent first, which are held: run evenkeel tokens claims`,
      ),
    ),
    ...checkAgreements(config, { contracts: await store.all(allContracts), consents: await store.all(consentedParties) }),
  ];
}
