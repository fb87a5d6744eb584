import { type Consent, type Contract, EVERY, PURPOSE } from '../../domain/contract.ts';
import { describeSeveral, pickById } from '../../domain/id-prefix.ts';
import { asPartyKey, driverId, fold, type PartyKey } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import { allConsents, consentOfDriver, countConsents, giveConsent, withdrawConsent } from '../../store/sql/consent.ts';
import { addContract, allContracts, consentedContractParties, endContract, type StoredContract } from '../../store/sql/contract.ts';
import { haltedParties, haltParty, resumeParty } from '../../store/sql/halt.ts';
import { markPartyStale } from '../../store/sql/steering.ts';
import type { Config } from '../config/config.ts';
import { Audit, type Auditing, audited } from '../core/audit.ts';
import type { Context } from '../core/context.ts';
import { machineClock } from '../core/machine-clock.ts';
import { openContext } from '../core/open-context.ts';
import { consentOf, contractOf } from './agreements.ts';

/** A contract as an operator sees it. */
export interface ContractDetails {
  id: string;
  party: string;
  may: readonly string[];
  tokens_of?: string;
  locations?: readonly string[];
  evses?: readonly string[];
  state_of_charge?: true;
  /** s. */
  push_every?: number;
  from?: string;
  until?: string;
  origin: string;
  ended_at?: string;
  /** Whether the party has a consent that is not withdrawn; without one it gets no session. */
  consented: boolean;
}
/** A consent as an operator sees it; `driver` is the pseudonym that the store uses. */
export interface ConsentDetails {
  party: string;
  driver: string;
  purpose: string;
  text_version: string;
  given_at: string;
  withdrawn_at?: string;
}

/** Reads and changes contracts, consents and halts. A running node applies a change within ten seconds. */
export interface AgreementChanges {
  addContract(entry: Config['contracts'][number]): Promise<Result<ContractDetails>>;
  contracts(): Promise<readonly ContractDetails[]>;
  endContract(id: string): Promise<Result<ContractDetails>>;
  addConsent(entry: Config['consents'][number]): Promise<ConsentDetails>;
  consents(): Promise<readonly ConsentDetails[]>;
  /** How many consents of a party are not withdrawn. */
  countConsents(party: PartyKey): Promise<number>;
  withdrawConsent(from: Pick<Config['consents'][number], 'token' | 'party' | 'purpose'>): Promise<ConsentDetails>;
  /** Withdraws a consent by the pseudonym of the driver; undefined when there is no such consent. */
  withdrawConsentOf(party: string, driver: string): Promise<ConsentDetails | undefined>;
  /** The kill switch: the party may control nothing any more, and its profiles are withdrawn. Returns all halted parties. */
  halt(party: string): Promise<readonly string[]>;
  /** Ends the halt of a party; returns the parties that are still halted. */
  resume(party: string): Promise<readonly string[]>;
  halted(): Promise<readonly string[]>;
}

/** Opens the store of a configuration for a command that changes agreements; a node may run beside it. Each change is recorded in the audit chain first (SEC-39). */
export async function openAgreementChanges(config: Config): Promise<AgreementChanges & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const context = await openContext(config, { clock: machineClock, log: () => undefined, stack, beside: true });
  const changes = createAgreementChanges(context);
  const auditing: Auditing = { audit: new Audit(context), by: { kind: 'command' } };
  const open = stack.move();
  return {
    ...changes,
    addContract: audited(auditing, changes.addContract, ({ party, may }) => ({ act: 'add-contract', subject: fold(party), says: `may ${may.join(', ')}` })),
    endContract: audited(auditing, changes.endContract, (id) => ({ act: 'end-contract', subject: id })),
    addConsent: audited(auditing, changes.addConsent, ({ party, token, text_version }) => ({
      act: 'add-consent',
      subject: fold(party),
      says: `${driversOf(token)}, text ${text_version}`,
    })),
    withdrawConsent: audited(auditing, changes.withdrawConsent, ({ party, token }) => ({
      act: 'withdraw-consent',
      subject: fold(party),
      says: driversOf(token),
    })),
    halt: audited(auditing, changes.halt, (party) => ({ act: 'halt-party', subject: fold(party) })),
    resume: audited(auditing, changes.resume, (party) => ({ act: 'resume-party', subject: fold(party) })),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** The audit chain holds no personal data, so it does not name the driver of a consent. */
const driversOf = (token: string) => (token === EVERY ? 'for all drivers' : 'of one driver');

/** Changes agreements in an open store, such as that of a node; the caller records the acts in the audit chain. */
export function createAgreementChanges({ store, encryption, clock }: Pick<Context, 'store' | 'encryption' | 'clock'>): AgreementChanges {
  const now = () => clock.now();
  const contracts = async () => {
    const consented = new Set(await store.all(consentedContractParties));
    return (await store.all(allContracts)).map((it) => contractDetails(it, consented.has(it.party)));
  };
  const contractById = async (id: string) => (await contracts()).find((it) => it.id === id);
  const halted = async () => await store.all(haltedParties);
  return {
    addContract: async (entry) => {
      const contract = contractOf(entry);
      if (endsTooEarly(contract)) return fail(`until: found ${entry.until}, must be later than from (${entry.from})`);
      const [added] = await store.commit(addContract(contract, 'command'));
      const details = await contractById(contract.id);
      if (added?.changed === 1 && details) return ok(details);
      return fail(saysTheSame(contract.id, details?.ended_at));
    },
    contracts,
    endContract: async (typed) => {
      const picked = pickById(await store.all(allContracts), ({ id }) => id, typed);
      if (picked.is === 'NONE') return fail(`no contract has the id ${typed}: evenkeel contracts list shows all ids`);
      if (picked.is === 'SEVERAL') return fail(describeSeveral('contracts', typed, picked.ids));
      const { id } = picked.item;
      const [ended] = await store.commit([endContract(id, now())]);
      const details = await contractById(id);
      return details && ended?.changed === 1 ? ok(details) : fail(`contract ${id} was ended before`);
    },
    addConsent: async (entry) => {
      const consent = consentOf(entry, encryption);
      await store.commit([giveConsent(consent, 'command')]);
      return consentDetails(consent);
    },
    consents: async () => (await store.all(allConsents)).map(consentDetails),
    countConsents: async (party) => (await store.first(countConsents(party))) ?? 0,
    withdrawConsent: async ({ token, party, purpose }) => {
      const withdrawnAt = now();
      const consent = consentOf({ token, party, purpose, text_version: '', given_at: printDateTime(withdrawnAt) }, encryption);
      await store.commit([withdrawConsent(consent, withdrawnAt)]);
      return consentDetails((await store.first(consentOfDriver(consent))) ?? { ...consent, withdrawnAt });
    },
    withdrawConsentOf: async (party, driver) => {
      const key = { party: asPartyKey(fold(party)), driver: driver === EVERY ? EVERY : driverId(driver), purpose: PURPOSE } as const;
      if (!(await store.first(consentOfDriver(key)))) return undefined;
      await store.commit([withdrawConsent(key, now())]);
      const after = await store.first(consentOfDriver(key));
      return after && consentDetails(after);
    },
    halt: async (party) => {
      await store.commit([haltParty(asPartyKey(fold(party)), now())]);
      return halted();
    },
    resume: async (party) => {
      const resumed = asPartyKey(fold(party));
      await store.commit([resumeParty(resumed), markPartyStale(resumed)]);
      return halted();
    },
    halted,
  };
}

/** A contract that ends before it begins covers no session: that is a mistake. */
const endsTooEarly = ({ from, until }: Contract) => from !== undefined && until !== undefined && until <= from;
const saysTheSame = (id: string, endedAt: string | undefined) =>
  `contract ${id} says the same${endedAt === undefined ? '' : ` and was ended at ${endedAt}: add one with another --from`}`;
const moment = (at: EpochMillis) => printDateTime(epochMillis(at));

function contractDetails(it: StoredContract, consented: boolean): ContractDetails {
  const { id, party, may, tokensOf, locations, evses, stateOfCharge, pushEvery, from, until, origin, endedAt } = it;
  return {
    id,
    party,
    may,
    ...(tokensOf !== undefined && { tokens_of: tokensOf }),
    ...(locations && { locations }),
    ...(evses && { evses }),
    ...(stateOfCharge && { state_of_charge: stateOfCharge }),
    ...(pushEvery !== undefined && { push_every: pushEvery }),
    ...(from !== undefined && { from: moment(from) }),
    ...(until !== undefined && { until: moment(until) }),
    origin,
    ...(endedAt !== undefined && { ended_at: moment(endedAt) }),
    consented,
  };
}

const consentDetails = ({ party, driver, purpose, textVersion, givenAt, withdrawnAt }: Consent): ConsentDetails => ({
  party,
  driver,
  purpose,
  text_version: textVersion,
  given_at: moment(givenAt),
  ...(withdrawnAt !== undefined && { withdrawn_at: moment(withdrawnAt) }),
});
