import { expect, test } from 'vitest';
import { openStore, openStoreBeside } from './open.ts';
import { lockStore } from './store-lock.ts';
import { explained } from './unusable-database.ts';

const DATABASE = 'postgres://evenkeel:secret@127.0.0.1:1/ek';
const failWith = (code: string) => async () => {
  throw Object.assign(new Error('it failed'), { code });
};

test('F-76: PostgreSQL that is down is named with its address and what to do, without the password, by every way to open it', async () => {
  const said =
    'PostgreSQL at 127.0.0.1:1, database ek, user evenkeel, cannot be used (connect ECONNREFUSED 127.0.0.1:1): start the server, or correct host and port in "database"';
  await expect(openStore(DATABASE)).rejects.toThrow(said);
  await expect(openStoreBeside(DATABASE)).rejects.toThrow(said);
  await expect(lockStore(DATABASE, { wait: async () => undefined })).rejects.toThrow(said);
});

test.each([
  ['ENOTFOUND', 'host name'],
  ['28P01', 'user and password'],
  ['3D000', 'create the database'],
  ['42501', 'rights'],
  ['53300', 'max_connections'],
  ['57P03', 'start the server'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'sslrootcert=FILE'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'NODE_EXTRA_CA_CERTS'],
])('F-76: the code %s of a connection says how to mend it: %s', async (code, mend) => {
  await expect(explained(DATABASE, failWith(code))).rejects.toThrow(`cannot be used (${code}: it failed): `);
  await expect(explained(DATABASE, failWith(code))).rejects.toThrow(mend);
});

test('another error stays as it is, and so does a result', async () => {
  await expect(explained(DATABASE, failWith('23505'))).rejects.toThrow(/^it failed$/);
  expect(await explained(DATABASE, async () => 1)).toBe(1);
});
