import { Type } from 'typebox';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { patchSchema } from '../patch-schema.ts';
import { inUrl, NOT_AVAILABLE, reading, receipt } from '../patience/schema.ts';
import { CiString, DateTime, Id, oneOf, openEnum, Url } from '../scalars.ts';

/** OCPI asks for integers; some peers send fractions. */
const amountIn = (description: string) => Type.Number({ minimum: 0, description });

const fieldsOf = (types: EditionTypes) => ({
  id: Id(36),
  standard: types.connectorType,
  format: oneOf('CABLE', 'SOCKET'),
  power_type: oneOf('AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE', 'DC'),
  max_voltage: amountIn('V; line to neutral for AC'),
  max_amperage: amountIn('A on each phase'),
  max_electric_power: Type.Optional(amountIn('W over all phases')),
  tariff_ids: Type.Optional(Type.Array(CiString(36))),
  terms_and_conditions: Type.Optional(Url),
  capabilities: Type.Optional(types.since230(Type.Array(openEnum('ISO_15118_2_PLUG_AND_CHARGE', 'ISO_15118_20_PLUG_AND_CHARGE')))),
  last_updated: DateTime,
});

/** The schema of a connector in one edition. */
export const connector = (types: EditionTypes) =>
  Type.Object(fieldsOf(types), reading({ id: inUrl('connector_id'), standard: NOT_AVAILABLE, format: 'SOCKET', last_updated: receipt }));
/** Connector: a socket or a cable; V (line to neutral for AC), A for each phase, W for all phases together (OCPI 2.2.1 §8.3.3). */
export const Connector = perEdition(connector);
/** The changed fields of a connector; absent fields keep their value (OCPI 2.2.1 §8.2.2.3). */
export const ConnectorPatch = patchSchema(fieldsOf);

/** A connector as it is sent over OCPI. */
export type WireConnector = ValueOf<typeof Connector>;
/** The change of a connector as it is sent over OCPI. */
export type WireConnectorPatch = ValueOf<typeof ConnectorPatch>;
