import { describe, expect, test } from 'vitest';
import { parseConfig } from './config-file.ts';

/** The mistakes in a configuration with this meter, written as YAML. */
function mistakes(meter: string, limit = '{ a: 40 }'): readonly string[] {
  const read = parseConfig(`public_url: https://x.example
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]
sites: [{ name: g, limit: ${limit}, meter: ${meter} }]`);
  return read.ok ? [] : read.problem.map(({ key, says }) => `${key}: ${says}`);
}
const mqtt = (more: string, url = 'mqtts://broker') => mistakes(`{ fallback: { a: 9 }, mqtt: { url: '${url}', topic: t${more} } }`);

describe('the meter of a building in a configuration', () => {
  test.each(['{ fallback: { a: 9 } }', "{ fallback: { a: 9 }, margin: 0, mqtt: { url: 'mqtt://broker:1883', topic: p1/meter, qos: 1, kw: power } }"])(
    'is taken: %s',
    (meter) => expect(mistakes(meter)).toEqual([]),
  );
  test('needs a fallback in each unit of the limit, and a limit', () => {
    expect(mistakes('{ fallback: { a: 9 } }', '{ a: 40, w: 20000 }')).toEqual([
      'sites.0: g limits a and w, and the fallback of its meter has no w: add to meter.fallback what the EVSEs may draw while the meter is silent',
    ]);
    expect(mistakes('{}')).toEqual(['sites.0.meter.fallback: is missing']);
  });
  test('names where the values are, once each', () => {
    expect(mqtt('')).toEqual([
      'sites.0.meter.mqtt: says not where the values are: add a (the paths of the currents on L1, L2 and L3), w or kw (the path of the power)',
    ]);
    expect(mqtt(', w: p, kw: p')).toEqual(['sites.0.meter.mqtt.kw: and w both name the power: keep the one whose unit the meter uses']);
    expect(mqtt(', a: [x, y]').join()).toContain('sites.0.meter.mqtt.a');
  });
  test('names credentials once, and never in the url', () => {
    expect(mqtt(', w: p, username: u, password_file: f, password_env: E')).toEqual([
      'sites.0.meter.mqtt.password_env: and password_file both name the password: keep one of them',
    ]);
    expect(mqtt(', w: p, password_file: f')).toEqual(['sites.0.meter.mqtt.username: is missing: a broker takes a password only with the name of a user']);
    expect(mqtt(', w: p', 'mqtts://u:secret@broker').join()).toMatch(/^sites.0.meter.mqtt.url: found \*\*\*, must be the broker as mqtt/);
    expect(mqtt(', w: p', 'mqtts://u:secret@broker').join()).not.toContain('secret');
  });
  test('by mqtt:// has no certificate, and no wildcard in its topic', () => {
    expect(mqtt(', w: p, ca: ca.pem', 'mqtt://broker')).toEqual(['sites.0.meter.mqtt.ca: needs mqtts: write the url as mqtts://…, or remove ca']);
    expect(mistakes("{ fallback: { a: 9 }, mqtt: { url: 'mqtt://b', topic: 'p1/#', w: p } }").join()).toMatch(
      /topic: found "p1\/#", must be the topic of the meter/,
    );
  });
});
