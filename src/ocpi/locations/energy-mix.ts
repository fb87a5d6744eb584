import { Type } from 'typebox';
import type { EditionTypes } from '../editions.ts';
import { Num, oneOf, Text } from '../scalars.ts';

const EnergySource = Type.Object({
  source: oneOf('COAL', 'GAS', 'GENERAL_FOSSIL', 'GENERAL_GREEN', 'NUCLEAR', 'SOLAR', 'WATER', 'WIND'),
  percentage: Num,
});

/** Where the energy of a location comes from, in percent, and what it leaves behind, in g/kWh (OCPI 2.2.1 §8.4.6). */
export const energyMix = (words: EditionTypes) =>
  Type.Object({
    is_green_energy: Type.Boolean(),
    energy_sources: Type.Optional(Type.Array(EnergySource)),
    environ_impact: Type.Optional(Type.Array(Type.Object({ category: words.environmentalImpact, amount: Num }))),
    supplier_name: Type.Optional(Text(64)),
    energy_product_name: Type.Optional(Text(64)),
  });
