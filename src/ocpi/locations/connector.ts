import { Type } from 'typebox';
import { type EditionTypes, perEdition } from '../editions.ts';
import type { ValueOf } from '../endpoint.ts';
import { CiString, DateTime, Id, oneOf, openEnum, Url } from '../scalars.ts';

/** OCPI says whole numbers; some partners measure finer. */
const Amount = Type.Number({ minimum: 0 });

const fieldsOf = (words: EditionTypes) => ({
  id: Id(36),
  standard: words.connectorType,
  format: oneOf('CABLE', 'SOCKET'),
  power_type: oneOf('AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE', 'DC'),
  max_voltage: Amount,
  max_amperage: Amount,
  max_electric_power: Type.Optional(Amount),
  tariff_ids: Type.Optional(Type.Array(CiString(36))),
  terms_and_conditions: Type.Optional(Url),
  capabilities: Type.Optional(words.since230(Type.Array(openEnum('ISO_15118_2_PLUG_AND_CHARGE', 'ISO_15118_20_PLUG_AND_CHARGE')))),
  last_updated: DateTime,
});

export const connector = (words: EditionTypes) => Type.Object(fieldsOf(words));
/** A socket or a plug on a cable: V (line to neutral for AC), A per phase, W in all (OCPI 2.2.1 §8.3.3). */
export const Connector = perEdition(connector);
export type WireConnector = ValueOf<typeof Connector>;

/** The fields of a connector that changed, and when; what is absent stays as it was (OCPI 2.2.1 §8.2.2.3). */
export const ConnectorPatch = perEdition((words) => {
  const { last_updated, ...others } = fieldsOf(words);
  return Type.Object({ ...Type.Partial(Type.Object(others)).properties, last_updated });
});
export type WireConnectorPatch = ValueOf<typeof ConnectorPatch>;
