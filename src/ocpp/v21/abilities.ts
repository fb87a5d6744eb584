import { readCount } from '../abilities.ts';
import { learnBy, toAbilities, variables } from '../v201/abilities.ts';

const MAX_EXTERNAL = 'MaxExternalConstraintsId';

/** As in OCPP 2.0.1, and the ids that the station keeps for itself (OCPP 2.1 K01.FR.80). */
export const learning = learnBy([...variables, { component: { name: 'SmartChargingCtrlr' }, variable: { name: MAX_EXTERNAL } }], (values) => {
  const reserved = readCount(values.get(MAX_EXTERNAL.toLowerCase()));
  const abilities = toAbilities(values);
  return reserved === undefined ? abilities : { ...abilities, minProfileId: Math.max(abilities.minProfileId, reserved + 1) };
});
