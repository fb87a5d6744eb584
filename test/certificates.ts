import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate and its key, both PEM, for `tls.createServer`. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority in memory with a self-signed `cert`: it needs no file, no tool and no key in the repository. */
export interface Authority extends Identity {
  /** Issues a certificate for a host name or an IPv4 address, valid until 2049 unless `expired`. */
  issue(name: string, validity?: 'valid' | 'expired', kind?: 'ec' | 'rsa'): Identity;
}

interface Subject {
  name: string;
  issuer: string;
  validity: 'valid' | 'expired';
  extensions: Buffer;
}

/** Creates a certificate authority with this common name. */
export function createAuthority(name: string): Authority {
  const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const cert = certify({ name, issuer: name, validity: 'valid', extensions: authorityExtension }, own.publicKey, own.privateKey);
  return {
    cert,
    key: exportKey(own.privateKey),
    issue(subject, validity = 'valid', kind = 'ec') {
      const pair = kind === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
      const pem = certify({ name: subject, issuer: name, validity, extensions: nameExtension(subject) }, pair.publicKey, own.privateKey);
      return { cert: pem, key: exportKey(pair.privateKey) };
    },
  };
}

const exportKey = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();

/** X.509 v3 (RFC 5280 §4.1), with only the fields that a TLS handshake checks. */
function certify(subject: Subject, publicKey: KeyObject, signer: KeyObject): string {
  const until = subject.validity === 'valid' ? '490101000000Z' : '210101000000Z';
  const algorithm = sequence(objectId(ecdsaWithSha256));
  const content = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([serial++])),
    algorithm,
    distinguishedName(subject.issuer),
    sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from(until))),
    distinguishedName(subject.name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(subject.extensions)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', content, signer));
  const lines = sequence(content, algorithm, signature)
    .toString('base64')
    .replace(/(.{64})/g, '$1\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

let serial = 1;
const ecdsaWithSha256 = '2a8648ce3d040302';
const commonName = '550403';
const basicConstraints = '551d13';
const subjectAltName = '551d11';

function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
const sequence = (...parts: readonly Buffer[]) => der(0x30, ...parts);
const objectId = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const distinguishedName = (name: string) => sequence(der(0x31, sequence(objectId(commonName), der(0x0c, Buffer.from(name)))));

const authorityExtension = sequence(objectId(basicConstraints), der(0x01, Buffer.from([0xff])), der(0x04, sequence(der(0x01, Buffer.from([0xff])))));
const nameExtension = (name: string) => sequence(objectId(subjectAltName), der(0x04, sequence(generalName(name))));
const generalName = (name: string) => (isIPv4(name) ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name)));
