import { readCount } from '../abilities.ts';
import { abilityQueryFor, toAbilities, variables } from '../v201/abilities.ts';

const MAX_EXTERNAL = 'MaxExternalConstraintsId';

/** As in OCPP 2.0.1, with the profile ids that the station reserves for itself (OCPP 2.1 K01.FR.80). */
export const abilityQuery = abilityQueryFor([...variables, { component: { name: 'SmartChargingCtrlr' }, variable: { name: MAX_EXTERNAL } }], (values) => {
  const reserved = readCount(values.get(MAX_EXTERNAL.toLowerCase()));
  const abilities = toAbilities(values);
  return reserved === undefined ? abilities : { ...abilities, minProfileId: Math.max(abilities.minProfileId, reserved + 1) };
});
