import { existsSync } from 'node:fs';
import { installWithApt } from './apt-get.ts';

/** The MQTT broker of the tests of meters. */
export const brokerPath = process.env.EVENKEEL_TEST_MOSQUITTO ?? '/usr/sbin/mosquitto';

/** Why the tests with a broker are skipped, and how to change that; undefined when there is one. */
export const lacksBroker = (): string | undefined =>
  existsSync(brokerPath)
    ? undefined
    : `no MQTT broker at ${brokerPath}: install one (Debian: apt-get install mosquitto), or set EVENKEEL_TEST_MOSQUITTO to its path`;

/** Installs a broker where there is none. */
export function installBroker(): void {
  if (lacksBroker() && process.env.EVENKEEL_TEST_MOSQUITTO === undefined) installWithApt('mosquitto', 'the tests of meters at an MQTT broker');
}
