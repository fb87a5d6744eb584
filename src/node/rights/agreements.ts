import { type Consent, type Contract, EVERY, PURPOSE, type Sharing } from '../../domain/contract.ts';
import { asPartyKey, fold, type PartyKey } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { dateTimeMillis } from '../../ocpi/date-time.ts';
import { driverIdOf, type Encryption, fingerprint } from '../../store/encryption.ts';
import { giveConsent } from '../../store/sql/consent.ts';
import { addContract, allContracts, endContract } from '../../store/sql/contract.ts';
import { haltedParties } from '../../store/sql/halt.ts';
import type { Store } from '../../store/store.ts';
import type { Config } from '../config/config.ts';

type ContractEntry = Config['contracts'][number];
type ConsentEntry = Config['consents'][number];

/** What parties agreed on with the operator of this node. */
export interface Agreements {
  /** How two parties share one session (CP-36). */
  sharing(one: PartyKey, other: PartyKey): Sharing;
  /** The operator has taken the right to steer from this party (SEC-34). */
  isHalted(party: PartyKey): boolean;
  /** Reads again who is halted, since a command may have changed it. */
  refresh(): Promise<void>;
}

export function createAgreements({ when_two_steer }: Config, store: Store): Agreements {
  let halted: ReadonlySet<PartyKey> = new Set();
  const pairs = new Map(
    when_two_steer.flatMap(({ parties: [a = '', b = ''], rule }) => [[`${fold(a)} ${fold(b)}`, rule] as const, [`${fold(b)} ${fold(a)}`, rule] as const]),
  );
  return {
    sharing: (one, other) => pairs.get(`${one} ${other}`) ?? 'one',
    isHalted: (party) => halted.has(party),
    refresh: async () => {
      halted = new Set(await store.all(haltedParties));
    },
  };
}

export { driverIdOf };

const momentOf = (text: string | undefined): EpochMillis | undefined => (text === undefined ? undefined : dateTimeMillis(text));

/** A contract as it is written down, under a name that is the same for the same words. */
export function contractOf(entry: ContractEntry): Contract {
  const { party, may, tokens_of, locations, evses } = entry;
  const [from, until] = [momentOf(entry.from), momentOf(entry.until)];
  const words = {
    party: asPartyKey(fold(party)),
    may: [...new Set(may)].sort(),
    ...(tokens_of !== undefined && { tokensOf: asPartyKey(fold(tokens_of)) }),
    ...(locations && { locations }),
    ...(evses && { evses }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  };
  return { id: fingerprint(JSON.stringify(words)).slice(0, 12), ...words };
}

/** A consent as it is written down, the driver under the name that the store has for them. */
export const consentOf = ({ token, party, purpose, text_version, given_at }: ConsentEntry, encryption: Encryption): Consent => ({
  party: asPartyKey(fold(party)),
  driver: token === EVERY ? EVERY : driverIdOf(encryption, token),
  purpose: purpose ?? PURPOSE,
  textVersion: text_version,
  givenAt: momentOf(given_at) ?? epochMillis(0),
});

/**
 * Brings the store to what the configuration says: what is new in the file is added, a contract that has left it is ended. What a
 * command ended or withdrew stays so.
 */
export async function saveConfiguredAgreements({
  store,
  encryption,
  config,
  now,
}: {
  store: Store;
  encryption: Encryption;
  config: Config;
  now: EpochMillis;
}): Promise<void> {
  const contracts = config.contracts.map(contractOf);
  const inFile = new Set(contracts.map(({ id }) => id));
  const gone = (await store.all(allContracts)).filter((it) => it.origin === 'config' && it.endedAt === undefined && !inFile.has(it.id));
  await store.commit([
    ...contracts.flatMap((it) => addContract(it, 'config')),
    ...config.consents.map((it) => giveConsent(consentOf(it, encryption), 'config')),
    ...gone.map(({ id }) => endContract(id, now)),
  ]);
}
