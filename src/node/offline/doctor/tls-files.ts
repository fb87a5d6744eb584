import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from '../../config/config.ts';
import { machineClock } from '../../core/machine-clock.ts';
import { type Finding, failed, passed, reasonOf } from './finding.ts';

type TlsFiles = NonNullable<Config['listen']['tls']>;

/** Certificates and keys must be readable, fit each other and be valid now. */
export function checkTls({ listen, listen_operator, ocpp, tls }: Config): readonly Finding[] {
  return [
    ...(listen.tls ? checkFiles('listen.tls', listen.tls) : []),
    ...(listen_operator?.tls ? checkFiles('listen_operator.tls', listen_operator.tls) : []),
    ...(tls ? checkAuthorities('tls.ca_file', tls.ca_file) : []),
    ...(ocpp?.tls ? pairsOf(ocpp.tls).flatMap((it) => checkFiles('ocpp.tls', it)) : []),
  ];
}

/** The file of authorities must be readable, and its first certificate valid now. */
function checkAuthorities(option: string, path: string): readonly Finding[] {
  const authority = read(option, path, (text) => new X509Certificate(text));
  return ['value' in authority ? checkValidity(option, path, authority.value) : authority.finding];
}

/** One pair of files for each certificate; the authority of client certificates is checked once. */
function pairsOf({ cert, key, ca }: NonNullable<NonNullable<Config['ocpp']>['tls']>): readonly TlsFiles[] {
  const keys = [key].flat();
  return [cert].flat().map((file, n) => ({ cert: file, key: keys[n] ?? '', ...(n === 0 && ca !== undefined && { ca }) }));
}

function checkFiles(option: string, { cert, key, ca }: TlsFiles): readonly Finding[] {
  const certificate = read(`${option}.cert`, cert, (text) => new X509Certificate(text));
  const privateKey = read(`${option}.key`, key, createPrivateKey);
  const authority = ca === undefined ? undefined : read(`${option}.ca`, ca, (text) => new X509Certificate(text));
  const unreadable = [certificate, privateKey, ...(authority ? [authority] : [])].flatMap((it) => ('finding' in it ? [it.finding] : []));
  if (unreadable.length > 0 || !('value' in certificate) || !('value' in privateKey)) return unreadable;
  if (!certificate.value.checkPrivateKey(privateKey.value))
    return [failed(option, `the certificate in ${cert} does not belong to the key in ${key}: name a certificate and the key that it was made for`)];
  const validity = [
    checkValidity(`${option}.cert`, cert, certificate.value),
    ...(ca !== undefined && authority && 'value' in authority ? [checkValidity(`${option}.ca`, ca, authority.value)] : []),
  ];
  const failures = validity.filter((it) => !it.ok);
  return failures.length > 0 ? failures : validity;
}

function read<T>(option: string, path: string, parse: (text: string) => T): { value: T } | { finding: Finding } {
  try {
    return { value: parse(readFileSync(path, 'utf8')) };
  } catch (error) {
    return { finding: failed(option, `${path} cannot be read as PEM (${reasonOf(error)}): name a PEM file that this user may read`) };
  }
}

function checkValidity(option: string, path: string, { validFromDate, validToDate }: X509Certificate): Finding {
  const now = machineClock.now();
  if (now < validFromDate.getTime())
    return failed(option, `${path} is not valid before ${validFromDate.toISOString()}: check the clock of this machine, or use another certificate`);
  return now > validToDate.getTime()
    ? failed(option, `${path} expired on ${validToDate.toISOString()}: renew the certificate`)
    : passed(option, `${path} is valid until ${validToDate.toISOString()}`);
}
