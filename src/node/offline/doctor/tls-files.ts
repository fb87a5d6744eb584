import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import { machineClock } from '../../core/machine-clock.ts';
import { type Finding, failed, passed, reasonOf } from './finding.ts';

type TlsFiles = NonNullable<Config['listen']['tls']>;

/** Certificates and keys: readable, fitting each other, not expired. */
export function checkTls({ listen, ocpp }: Config): readonly Finding[] {
  return [...(listen.tls ? examinePair('listen.tls', listen.tls) : []), ...(ocpp?.tls ? examinePair('ocpp.tls', ocpp.tls) : [])];
}

function examinePair(option: string, { cert, key, ca }: TlsFiles): readonly Finding[] {
  const certificate = read(`${option}.cert`, cert, (text) => new X509Certificate(text));
  const privateKey = read(`${option}.key`, key, createPrivateKey);
  const authority = ca === undefined ? undefined : read(`${option}.ca`, ca, (text) => new X509Certificate(text));
  const unread = [certificate, privateKey, ...(authority ? [authority] : [])].flatMap((it) => ('finding' in it ? [it.finding] : []));
  if (unread.length > 0 || !('value' in certificate) || !('value' in privateKey)) return unread;
  if (!certificate.value.checkPrivateKey(privateKey.value))
    return [failed(option, `the certificate in ${cert} was not made for the key in ${key}: put the files together that belong together`)];
  const lasting = [
    span(`${option}.cert`, cert, certificate.value),
    ...(ca !== undefined && authority && 'value' in authority ? [span(`${option}.ca`, ca, authority.value)] : []),
  ];
  const over = lasting.filter((it) => !it.ok);
  return over.length > 0 ? over : lasting;
}

function read<T>(option: string, path: string, parse: (text: string) => T): { value: T } | { finding: Finding } {
  try {
    return { value: parse(readFileSync(path, 'utf8')) };
  } catch (error) {
    return { finding: failed(option, `${path} cannot be read as PEM (${reasonOf(error)}): name the right file`) };
  }
}

function span(option: string, path: string, { validFromDate, validToDate }: X509Certificate): Finding {
  const now = machineClock.now();
  if (now < validFromDate.getTime()) return failed(option, `${path} is valid from ${validFromDate.toISOString()} only: is the clock of this machine right?`);
  return now > validToDate.getTime()
    ? failed(option, `${path} expired on ${validToDate.toISOString()}: renew the certificate`)
    : passed(option, `${path} is valid until ${validToDate.toISOString()}`);
}
