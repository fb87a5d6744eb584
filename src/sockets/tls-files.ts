import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';

/** Paths of PEM files: the certificate, its key, or several pairs, and the certificate of an authority. */
interface TlsPaths {
  cert: string | readonly string[];
  key: string | readonly string[];
  ca?: string | undefined;
}

/** The texts of such files. */
interface TlsTexts {
  cert: string[];
  key: string[];
  ca?: string;
}

/**
 * Reads the files of a TLS server and checks that TLS can use them; `option` is the key of the configuration. Throws an error that names
 * the option, the file, what is wrong with it and how to mend it (F-76).
 */
export function readTlsFiles(option: string, { cert, key, ca }: TlsPaths): TlsTexts {
  const [certs, keys] = [[cert].flat(), [key].flat()];
  const files = {
    cert: certs.map((it) => read(`${option}.cert`, it)),
    key: keys.map((it) => read(`${option}.key`, it)),
    ...(ca !== undefined && { ca: read(`${option}.ca`, ca) }),
  };
  try {
    createSecureContext(files);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `${option}: TLS cannot use ${certs.join(', ')} with ${keys.join(', ')} (${why}): name a certificate in PEM and the key that it was made for, without a passphrase`,
    );
  }
  return files;
}

/** Reads the certificates of authorities from a PEM file. Throws an error that names the option and the file (F-85). */
export function readAuthorities(option: string, path: string): string {
  const text = read(option, path);
  try {
    void new X509Certificate(text);
    return text;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${option}: ${path} holds no certificate (${why}): name a PEM file with the certificates of your authorities`);
  }
}

function read(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${option}: ${path} cannot be read (${Reflect.get(Object(error), 'code') ?? error}): name a PEM file that this user may read`);
  }
}
