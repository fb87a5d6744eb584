import { type TSchema, Type } from 'typebox';
import { Id, Num, oneOf, openEnum, Text } from './scalars.ts';

/** The editions of OCPI that this project speaks. */
export type Edition = '2.2.1' | '2.3.0';
/** Newest last, so that the last one two platforms share is the one to take (VER-08). */
export const editions = ['2.2.1', '2.3.0'] as const satisfies readonly Edition[];
export const isEdition = (text: string): text is Edition => editions.some((it) => it === text);

/** What a session costs: with or without VAT (2.2.1), or before taxes and each tax for itself (2.3.0). */
export type Price =
  | { excl_vat: number; incl_vat?: number }
  | { before_taxes: number; taxes?: { name: string; account_number?: string; percentage?: number; amount: number }[] };

const vatPrice = Type.Object({ excl_vat: Num, incl_vat: Type.Optional(Num) });
const taxAmount = Type.Object({ name: Text(255), account_number: Type.Optional(Text(255)), percentage: Type.Optional(Num), amount: Num });
const taxedPrice = Type.Object({ before_taxes: Num, taxes: Type.Optional(Type.Array(taxAmount)) });

/**
 * Every place where the two editions say different things, and what each of them says there; nothing else in this
 * project asks which edition it is. The readings A-… and the table "Differences between editions" are their source.
 */
const differences = {
  '2.2.1': {
    price: Type.Unsafe<Price>(vatPrice),
    role: Type.Unsafe<string>(oneOf('CPO', 'EMSP', 'HUB', 'NAP', 'NSP', 'OTHER', 'SCSP')),
    tokenType: Type.Unsafe<string>(oneOf('AD_HOC_USER', 'APP_USER', 'OTHER', 'RFID')),
    imageCategory: Type.Unsafe<string>(oneOf('CHARGER', 'ENTRANCE', 'LOCATION', 'NETWORK', 'OPERATOR', 'OTHER', 'OWNER')),
    // not known to this edition: whatever stands there is nobody's business (TRN-43)
    hubPartyId: Type.Unsafe<string>({}),
  },
  '2.3.0': {
    price: Type.Unsafe<Price>(taxedPrice),
    role: Type.Unsafe<string>(oneOf('CPO', 'EMSP', 'NAP', 'NSP', 'OTHER', 'SCSP')),
    tokenType: Type.Unsafe<string>(openEnum('AD_HOC_USER', 'APP_USER', 'EMAID', 'OTHER', 'RFID')),
    imageCategory: Type.Unsafe<string>(openEnum('CHARGER', 'ENTRANCE', 'LOCATION', 'NETWORK', 'OPERATOR', 'OTHER', 'OWNER')),
    hubPartyId: Type.Unsafe<string>(Id(5)),
  },
} as const;

/**
 * Where a hub says which party it is itself, and which parties are behind it: a role of its own and HubClientInfo (2.2.1), or
 * `hub_party_id` and the roles (2.3.0) (CRE-28, CRE-29).
 */
export const hubs: Readonly<Record<Edition, { itself: 'role' | 'hub_party_id'; parties: 'hubclientinfo' | 'roles' }>> = {
  '2.2.1': { itself: 'role', parties: 'hubclientinfo' },
  '2.3.0': { itself: 'hub_party_id', parties: 'roles' },
};

/** The words that depend on the edition. */
export type Words = (typeof differences)[Edition];

/** A schema for each edition; their values have one static type. */
export type PerEdition<T extends TSchema = TSchema> = Readonly<Record<Edition, T>>;
export const perEdition = <T extends TSchema>(make: (words: Words) => T): PerEdition<T> => ({
  '2.2.1': make(differences['2.2.1']),
  '2.3.0': make(differences['2.3.0']),
});

/** A schema that holds for all editions, or one for each. */
export type Varying<T extends TSchema = TSchema> = T | PerEdition<T>;
const isPerEdition = (words: Varying): words is PerEdition => '2.2.1' in words;
export const inEdition = (words: Varying, edition: Edition): TSchema => (isPerEdition(words) ? words[edition] : words);
