import type { Config } from './config.ts';
import type { MqttMeter } from './site-schema.ts';

/** A mistake in a meter: its key and how to mend it. */
interface MeterMistake {
  key: string;
  says: string;
}

interface Node {
  meter?: { mqtt?: MqttMeter };
  children?: readonly Node[];
}

/** What is wrong with meters at MQTT brokers that the schema cannot express. */
export const meterMistakes = ({ sites }: Pick<Config, 'sites'>): readonly MeterMistake[] => sites.flatMap((site, n) => mistakesBelow(site, `sites.${n}`));

function mistakesBelow({ meter, children = [] }: Node, key: string): readonly MeterMistake[] {
  const below = children.flatMap((child, n) => mistakesBelow(child, `${key}.children.${n}`));
  return meter?.mqtt ? [...mistakesOf(meter.mqtt, `${key}.meter.mqtt`), ...below] : below;
}

function mistakesOf({ url, a, w, kw, username, password_file, password_env, ca }: MqttMeter, key: string): readonly MeterMistake[] {
  const found: MeterMistake[] = [];
  if (a === undefined && w === undefined && kw === undefined)
    found.push({ key, says: 'says not where the values are: add a (the paths of the currents on L1, L2 and L3), w or kw (the path of the power)' });
  if (w !== undefined && kw !== undefined) found.push({ key: `${key}.kw`, says: 'and w both name the power: keep the one whose unit the meter uses' });
  if (password_file !== undefined && password_env !== undefined)
    found.push({ key: `${key}.password_env`, says: 'and password_file both name the password: keep one of them' });
  if (username === undefined && (password_file ?? password_env) !== undefined)
    found.push({ key: `${key}.username`, says: 'is missing: a broker takes a password only with the name of a user' });
  if (ca !== undefined && url.startsWith('mqtt:')) found.push({ key: `${key}.ca`, says: 'needs mqtts: write the url as mqtts://…, or remove ca' });
  return found;
}
