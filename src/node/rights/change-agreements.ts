import { type Consent, EVERY } from '../../domain/contract.ts';
import { asPartyKey, fold } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { printDateTime } from '../../ocpi/date-time.ts';
import { allConsents, giveConsent, withdrawConsent } from '../../store/sql/consent.ts';
import { addContract, allContracts, endContract, type StoredContract } from '../../store/sql/contract.ts';
import { haltedParties, haltParty, resumeParty } from '../../store/sql/halt.ts';
import type { Config } from '../config/config.ts';
import { Audit } from '../core/audit.ts';
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
  from?: string;
  until?: string;
  origin: string;
  ended_at?: string;
  /** A consent covers somebody's sessions; without one nothing goes to the party. */
  consented: boolean;
}
/** A consent as an operator sees it: the driver by the name that the store has for them. */
export interface ConsentDetails {
  party: string;
  driver: string;
  purpose: string;
  text_version: string;
  given_at: string;
  withdrawn_at?: string;
}

/** What parties and drivers agreed to, for commands that run beside a node, which acts on a change within ten seconds. */
export interface AgreementChanges {
  addContract(entry: Config['contracts'][number]): Promise<Result<ContractDetails>>;
  contracts(): Promise<readonly ContractDetails[]>;
  endContract(id: string): Promise<Result<ContractDetails>>;
  addConsent(entry: Config['consents'][number]): Promise<ConsentDetails>;
  consents(): Promise<readonly ConsentDetails[]>;
  withdrawConsent(from: Pick<Config['consents'][number], 'token' | 'party' | 'purpose'>): Promise<ConsentDetails>;
  /** The same, by the name that the store has for the driver; undefined: there is none. */
  withdrawConsentOf(party: string, driver: string): Promise<ConsentDetails | undefined>;
  /** The kill switch: the party steers nothing from now on, and what it has set is taken back. */
  halt(party: string): Promise<readonly string[]>;
  resume(party: string): Promise<readonly string[]>;
  halted(): Promise<readonly string[]>;
}

/** Opens the store of a configuration for its agreements alone; a node may run beside it. What is done is written down first (SEC-39). */
export async function openAgreementChanges(config: Config): Promise<AgreementChanges & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const context = await openContext(config, { clock: machineClock, log: () => undefined, stack });
  const desk = createAgreementChanges(context);
  const audit = new Audit(context);
  const note = (act: string, subject: string, says?: string) => audit.note({ kind: 'command' }, { act, subject, ...(says !== undefined && { says }) });
  const open = stack.move();
  return {
    ...desk,
    addContract: async (entry) => {
      await note('add-contract', fold(entry.party), `may ${entry.may.join(', ')}`);
      return desk.addContract(entry);
    },
    endContract: async (id) => {
      await note('end-contract', id);
      return desk.endContract(id);
    },
    addConsent: async (entry) => {
      await note('add-consent', fold(entry.party), `${entry.token === EVERY ? 'for all drivers' : 'of one driver'}, text ${entry.text_version}`);
      return desk.addConsent(entry);
    },
    withdrawConsent: async (from) => {
      await note('withdraw-consent', fold(from.party), from.token === EVERY ? 'for all drivers' : 'of one driver');
      return desk.withdrawConsent(from);
    },
    halt: async (party) => {
      await note('halt-party', fold(party));
      return desk.halt(party);
    },
    resume: async (party) => {
      await note('resume-party', fold(party));
      return desk.resume(party);
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** The same for whoever has the store open, such as a node for its own door. */
export function createAgreementChanges({ store, encryption, clock }: Pick<Context, 'store' | 'encryption' | 'clock'>): AgreementChanges {
  const now = () => clock.now();
  const consentsOf = async () => await store.all(allConsents);
  const cards = async () => {
    const agreed = new Set((await consentsOf()).filter((it) => it.withdrawnAt === undefined).map(({ party }) => party));
    return (await store.all(allContracts)).map((it) => contractCard(it, agreed.has(it.party)));
  };
  const cardOf = async (id: string) => (await cards()).find((it) => it.id === id);
  const halted = async () => await store.all(haltedParties);
  return {
    addContract: async (entry) => {
      const contract = contractOf(entry);
      const [added] = await store.commit(addContract(contract, 'command'));
      const card = await cardOf(contract.id);
      if (added?.changed === 1 && card) return ok(card);
      return fail(
        `contract ${contract.id} says the same${card?.ended_at === undefined ? '' : ` and was ended at ${card.ended_at}: add one with another --from`}`,
      );
    },
    contracts: cards,
    endContract: async (id) => {
      const [ended] = await store.commit([endContract(id, now())]);
      const card = await cardOf(id);
      if (!card) return fail(`no contract has the id ${id}: evenkeel contracts list shows them`);
      return ended?.changed === 1 ? ok(card) : fail(`contract ${id} was ended before`);
    },
    addConsent: async (entry) => {
      const consent = consentOf(entry, encryption);
      await store.commit([giveConsent(consent, 'command')]);
      return consentCard(consent);
    },
    consents: async () => (await consentsOf()).map(consentCard),
    withdrawConsent: async ({ token, party, purpose }) => {
      const withdrawnAt = now();
      const consent = consentOf({ token, party, purpose, text_version: '', given_at: printDateTime(withdrawnAt) }, encryption);
      await store.commit([withdrawConsent(consent, withdrawnAt)]);
      const kept = (await consentsOf()).find((it) => it.party === consent.party && it.driver === consent.driver && it.purpose === consent.purpose);
      return consentCard(kept ?? { ...consent, withdrawnAt });
    },
    withdrawConsentOf: async (party, driver) => {
      const kept = (await consentsOf()).find((it) => it.party === fold(party) && it.driver === driver);
      if (kept) await store.commit([withdrawConsent(kept, now())]);
      const after = (await consentsOf()).find((it) => it.party === kept?.party && it.driver === kept.driver && it.purpose === kept.purpose);
      return after && consentCard(after);
    },
    halt: async (party) => {
      await store.commit([haltParty(asPartyKey(fold(party)), now())]);
      return halted();
    },
    resume: async (party) => {
      await store.commit([resumeParty(asPartyKey(fold(party)))]);
      return halted();
    },
    halted,
  };
}

const moment = (at: EpochMillis) => printDateTime(epochMillis(at));

function contractCard(it: StoredContract, consented: boolean): ContractDetails {
  const { id, party, may, tokensOf, locations, evses, from, until, origin, endedAt } = it;
  return {
    id,
    party,
    may,
    ...(tokensOf !== undefined && { tokens_of: tokensOf }),
    ...(locations && { locations }),
    ...(evses && { evses }),
    ...(from !== undefined && { from: moment(from) }),
    ...(until !== undefined && { until: moment(until) }),
    origin,
    ...(endedAt !== undefined && { ended_at: moment(endedAt) }),
    consented,
  };
}

const consentCard = ({ party, driver, purpose, textVersion, givenAt, withdrawnAt }: Consent): ConsentDetails => ({
  party,
  driver,
  purpose,
  text_version: textVersion,
  given_at: moment(givenAt),
  ...(withdrawnAt !== undefined && { withdrawn_at: moment(withdrawnAt) }),
});
