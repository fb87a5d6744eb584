import { type Consent, type Contract, EVERY, PURPOSE, type Sharing } from '../../domain/contract.ts';
import { asPartyKey, fold, type PartyKey } from '../../domain/ids.ts';
import { type EpochMillis, epochMillis, seconds } from '../../domain/units.ts';
import { dateTimeMillis } from '../../ocpi/date-time.ts';
import { driverIdOf, type Encryption, fingerprint } from '../../store/encryption.ts';
import { giveConsent } from '../../store/sql/consent.ts';
import { addContract, allContracts, endContract } from '../../store/sql/contract.ts';
import { haltedParties } from '../../store/sql/halt.ts';
import type { Store } from '../../store/store.ts';
import type { Config } from '../config/config.ts';
import { SerialByKey } from '../core/serial-by-key.ts';

type ContractEntry = Config['contracts'][number];
type ConsentEntry = Config['consents'][number];

/** Agreements that the node needs at each request, kept in memory. */
export interface Agreements {
  /** How two parties share one session; `one`: only the first of them controls it (CP-36). */
  sharing(one: PartyKey, other: PartyKey): Sharing;
  /** The parties that share sessions with this one, by any rule or by one. */
  partnersOf(party: PartyKey, rule?: Sharing): readonly PartyKey[];
  /** Some parties share sessions by the lowest of their profiles. */
  merges: boolean;
  /** Whether the operator has halted this party: it may control nothing (SEC-34). */
  isHalted(party: PartyKey): boolean;
  /** Reads the halted parties from the store, because a command may have changed them, and returns them. */
  refresh(): Promise<readonly PartyKey[]>;
}

/** Creates the agreements of a configuration; call `refresh` before the first use. */
export function createAgreements({ when_two_steer }: Config, store: Store): Agreements {
  let halted: ReadonlySet<PartyKey> = new Set();
  // One after another: an older reading must not replace a newer one.
  const refreshes = new SerialByKey<'halts'>();
  const pairs = new Map<PartyKey, Map<PartyKey, Sharing>>();
  for (const { parties, rule } of when_two_steer) {
    const [a, b] = parties.map((it) => asPartyKey(fold(it)));
    if (a === undefined || b === undefined) continue;
    pairs.set(a, (pairs.get(a) ?? new Map()).set(b, rule));
    pairs.set(b, (pairs.get(b) ?? new Map()).set(a, rule));
  }
  return {
    sharing: (one, other) => pairs.get(one)?.get(other) ?? 'one',
    merges: when_two_steer.some(({ rule }) => rule === 'strictest'),
    partnersOf: (party, rule) => [...(pairs.get(party) ?? [])].filter(([, shared]) => rule === undefined || shared === rule).map(([partner]) => partner),
    isHalted: (party) => halted.has(party),
    refresh: () =>
      refreshes.run('halts', async () => {
        const parties = await store.all(haltedParties);
        halted = new Set(parties);
        return parties;
      }),
  };
}

const momentOf = (text: string | undefined): EpochMillis | undefined => (text === undefined ? undefined : dateTimeMillis(text));

/** An entry of the configuration as a contract. Its id is a hash of its content, so the same entry always gets the same id. */
export function contractOf(entry: ContractEntry): Contract {
  const { party, may, tokens_of, locations, evses, state_of_charge, push_every } = entry;
  const [from, until] = [momentOf(entry.from), momentOf(entry.until)];
  const content = {
    party: asPartyKey(fold(party)),
    may: [...new Set(may)].sort(),
    ...(tokens_of !== undefined && { tokensOf: asPartyKey(fold(tokens_of)) }),
    ...(locations && { locations }),
    ...(evses && { evses }),
    ...(state_of_charge && { stateOfCharge: true as const }),
    ...(push_every !== undefined && { pushEvery: seconds(push_every) }),
    ...(from !== undefined && { from }),
    ...(until !== undefined && { until }),
  };
  return { id: fingerprint(JSON.stringify(content)).slice(0, 12), ...content };
}

/** An entry of the configuration as a consent, with the pseudonym of the driver that the store uses. */
export const consentOf = ({ token, party, purpose, text_version, given_at }: ConsentEntry, encryption: Encryption): Consent => ({
  party: asPartyKey(fold(party)),
  driver: token === EVERY ? EVERY : driverIdOf(encryption, token),
  purpose: purpose ?? PURPOSE,
  textVersion: text_version,
  givenAt: momentOf(given_at) ?? epochMillis(0),
});

/**
 * Saves the contracts and consents of the configuration: new ones are added, and a contract that is no longer in the file is ended.
 * A contract or consent that a command ended stays ended.
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
  const removed = (await store.all(allContracts)).filter((it) => it.origin === 'config' && it.endedAt === undefined && !inFile.has(it.id));
  await store.commit([
    ...contracts.flatMap((it) => addContract(it, 'config')),
    ...config.consents.map((it) => giveConsent(consentOf(it, encryption), 'config')),
    ...removed.map(({ id }) => endContract(id, now)),
  ]);
}
