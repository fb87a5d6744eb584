import { type Static, type TSchema, Type } from 'typebox';
import { Id, oneOf, oneOfOr, oneOfOrKept, openEnum, Text } from './scalars.ts';

/** A version of OCPI that this project supports. */
export type Edition = '2.2.1' | '2.3.0';
/** The supported editions, newest last: the last one that two platforms share is used (VER-08). */
export const editions = ['2.2.1', '2.3.0'] as const satisfies readonly Edition[];
/** Whether a version number is a supported edition. */
export const isEdition = (text: string): text is Edition => editions.some((it) => it === text);

/** The cost of a session: without and with VAT (2.2.1), or before taxes with each tax (2.3.0). */
export type Price =
  | { excl_vat: number; incl_vat?: number }
  | { before_taxes: number; taxes?: { name: string; account_number?: string; percentage?: number; amount: number }[] };

const Money = Type.Number({ description: 'in the currency beside it' });
const vatPrice = Type.Object({ excl_vat: Money, incl_vat: Type.Optional(Money) });
const taxAmount = Type.Object({
  name: Text(255),
  account_number: Type.Optional(Text(255)),
  percentage: Type.Optional(Type.Number({ description: '%' })),
  amount: Money,
});
const taxedPrice = Type.Object({ before_taxes: Money, taxes: Type.Optional(Type.Array(taxAmount)) });

const capabilities = [
  'CHARGING_PREFERENCES_CAPABLE',
  'CHARGING_PROFILE_CAPABLE',
  'CHIP_CARD_SUPPORT',
  'CONTACTLESS_CARD_SUPPORT',
  'CREDIT_CARD_PAYABLE',
  'DEBIT_CARD_PAYABLE',
  'PED_TERMINAL',
  'REMOTE_START_STOP_CAPABLE',
  'RESERVABLE',
  'RFID_READER',
  'START_SESSION_CONNECTOR_REQUIRED',
  'TOKEN_GROUP_CAPABLE',
  'UNLOCK_CAPABLE',
] as const;
const domestic = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O'].map((letter) => `DOMESTIC_${letter}`);
const industrial = ['single_16', 'three_16', 'three_32', 'three_64'].map((size) => `IEC_60309_2_${size}`);
const vehicle = ['T1', 'T1_COMBO', 'T2', 'T2_COMBO', 'T3A', 'T3C'].map((type) => `IEC_62196_${type}`);
const nema = ['5_20', '6_30', '6_50', '10_30', '10_50', '14_30', '14_50'].map((size) => `NEMA_${size}`);
const others = ['CHADEMO', 'CHAOJI', 'GBT_AC', 'GBT_DC', 'PANTOGRAPH_BOTTOM_UP', 'PANTOGRAPH_TOP_DOWN', 'TESLA_R', 'TESLA_S'];
const connectorTypes = [...others, ...domestic, ...industrial, ...vehicle, ...nema];
const facilities = [
  'AIRPORT',
  'BIKE_SHARING',
  'BUS_STOP',
  'CAFE',
  'CARPOOL_PARKING',
  'FUEL_STATION',
  'HOTEL',
  'MALL',
  'METRO_STATION',
  'MUSEUM',
  'NATURE',
  'PARKING_LOT',
  'RECREATION_AREA',
  'RESTAURANT',
  'SPORT',
  'SUPERMARKET',
  'TAXI_STAND',
  'TRAIN_STATION',
  'TRAM_STOP',
  'WIFI',
] as const;
const parkingTypes = ['ALONG_MOTORWAY', 'ON_DRIVEWAY', 'ON_STREET', 'PARKING_GARAGE', 'PARKING_LOT', 'UNDERGROUND_GARAGE'] as const;
const parkingRestrictions = ['CUSTOMERS', 'DISABLED', 'EV_ONLY', 'MOTORCYCLES', 'PLUGGED'] as const;
const impacts = ['CARBON_DIOXIDE', 'NUCLEAR_WASTE'] as const;

/** A field that 2.3.0 introduced is an unknown field in 2.2.1, so any value passes there (TRN-43). */
const unread = <T extends TSchema>(_later: T) => Type.Unsafe<Static<T>>({});
const read = <T extends TSchema>(known: T) => Type.Unsafe<Static<T>>(known);

/**
 * The data types that differ between the editions. No other code compares editions. The sources are the interpretations A-…
 * and the table "Differences between editions".
 */
const differences = {
  '2.2.1': {
    price: Type.Unsafe<Price>(vatPrice),
    role: Type.Unsafe<string>(oneOf('CPO', 'EMSP', 'HUB', 'NAP', 'NSP', 'OTHER', 'SCSP')),
    tokenType: Type.Unsafe<string>(oneOfOr('OTHER', 'AD_HOC_USER', 'APP_USER', 'OTHER', 'RFID')),
    imageCategory: Type.Unsafe<string>(oneOfOr('OTHER', 'CHARGER', 'ENTRANCE', 'LOCATION', 'NETWORK', 'OPERATOR', 'OTHER', 'OWNER')),
    // 2.2.1 has no such field, so any value passes (TRN-43).
    hubPartyId: Type.Unsafe<string>({}),
    capability: Type.Unsafe<string>(oneOf(...capabilities)),
    connectorType: oneOfOrKept(...connectorTypes),
    facility: Type.Unsafe<string>(oneOf(...facilities)),
    parkingType: Type.Unsafe<string>(oneOf(...parkingTypes)),
    parkingRestriction: Type.Unsafe<string>(oneOf(...parkingRestrictions)),
    environmentalImpact: Type.Unsafe<string>(oneOf(...impacts)),
    since230: unread,
  },
  '2.3.0': {
    price: Type.Unsafe<Price>(taxedPrice),
    role: Type.Unsafe<string>(oneOf('CPO', 'EMSP', 'NAP', 'NSP', 'OTHER', 'SCSP')),
    tokenType: Type.Unsafe<string>(openEnum('AD_HOC_USER', 'APP_USER', 'EMAID', 'OTHER', 'RFID')),
    imageCategory: Type.Unsafe<string>(openEnum('CHARGER', 'ENTRANCE', 'LOCATION', 'NETWORK', 'OPERATOR', 'OTHER', 'OWNER')),
    hubPartyId: Type.Unsafe<string>(Id(5)),
    capability: Type.Unsafe<string>(openEnum(...capabilities)),
    connectorType: Type.Unsafe<string>(openEnum(...connectorTypes, 'MCS', 'SAE_J3400')),
    facility: Type.Unsafe<string>(openEnum(...facilities)),
    parkingType: Type.Unsafe<string>(openEnum(...parkingTypes)),
    parkingRestriction: Type.Unsafe<string>(openEnum(...parkingRestrictions, 'EMPLOYEES', 'TAXIS', 'TENANTS')),
    environmentalImpact: Type.Unsafe<string>(openEnum(...impacts)),
    since230: read,
  },
} as const;

/**
 * Where a hub names its own party (`ownParty`) and the parties behind it (`parties`): in a role HUB and by HubClientInfo (2.2.1),
 * or in `hub_party_id` and in the roles (2.3.0) (CRE-28, CRE-29).
 */
export const hubConventions: Readonly<Record<Edition, { ownParty: 'role' | 'hub_party_id'; parties: 'hubclientinfo' | 'roles' }>> = {
  '2.2.1': { ownParty: 'role', parties: 'hubclientinfo' },
  '2.3.0': { ownParty: 'hub_party_id', parties: 'roles' },
};

/** The data types of one edition that differ from those of the other. */
export type EditionTypes = (typeof differences)[Edition];

/** One schema for each edition; the values of all have one static type. */
export type PerEdition<T extends TSchema = TSchema> = Readonly<Record<Edition, T>>;
/** Builds a schema for each edition from the data types of that edition. */
export const perEdition = <T extends TSchema>(make: (types: EditionTypes) => T): PerEdition<T> => ({
  '2.2.1': make(differences['2.2.1']),
  '2.3.0': make(differences['2.3.0']),
});

/** One schema for all editions, or one for each edition. */
export type MaybePerEdition<T extends TSchema = TSchema> = T | PerEdition<T>;
const isPerEdition = (schemas: MaybePerEdition): schemas is PerEdition => '2.2.1' in schemas;
/** The schema that holds in one edition. */
export const inEdition = (schemas: MaybePerEdition, edition: Edition): TSchema => (isPerEdition(schemas) ? schemas[edition] : schemas);
