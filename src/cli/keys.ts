import { type Command, Option } from 'commander';
import { SCOPES, type Scope } from '../node/operators/roles.ts';
import { CONFIG_OPTION, openKeys } from './configuration.ts';
import { dayAndMinute } from './describe-limit.ts';
import { valueOrThrow } from './output.ts';
import { JSON_OPTION, type OutputOptions, printList, printObject } from './print.ts';
import type { Column } from './table.ts';

/** `keys`: makes, lists and revokes API keys. */
export function addKeysCommand(program: Command): void {
  const keys = program
    .command('keys')
    .summary('make, list and revoke API keys for your own systems')
    .description('API keys for the operator API of a node (/api/v1). The database stores only their hashes. A running node accepts a new key at once.');
  keys
    .command('add')
    .summary('make a key')
    .description('Makes a key and prints it. The key cannot be shown again.')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption('--name <name>', 'name for the list, such as the system that uses the key')
    .addOption(
      new Option(
        '--scope <scope>',
        'view: read; operate: also set, get and clear profiles, and halt parties; admin: also change peers, contracts, consents and keys',
      )
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .action(async ({ config, name, scope, json = false }: { config: string; name: string; scope: Scope } & OutputOptions) => {
      await using apiKeys = await openKeys(config);
      await printObject(await apiKeys.add({ name, scope }), { json });
    });
  keys
    .command('list')
    .summary('list all keys, without the secret part')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ config, json = false }: { config: string } & OutputOptions) => {
      await using apiKeys = await openKeys(config);
      await printList((await apiKeys.all()).map(viewKey), { json }, { columns, none: 'there are no keys; evenkeel keys add makes one' });
    });
  keys
    .command('revoke')
    .summary('revoke a key')
    .description('Revokes a key and prints it. A running node refuses the key at once.')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption('--id <id>', 'id of the key, as keys list shows it')
    .action(async ({ config, id, json = false }: { config: string; id: string } & OutputOptions) => {
      await using apiKeys = await openKeys(config);
      await printObject(viewKey(valueOrThrow(await apiKeys.revoke(id))), { json });
    });
}

const viewKey = (key: { id: string; name: string; scope: string; createdAt: number; revokedAt: number | undefined }) => ({
  id: key.id,
  name: key.name,
  scope: key.scope,
  created_at: new Date(key.createdAt).toISOString(),
  ...(key.revokedAt !== undefined && { revoked_at: new Date(key.revokedAt).toISOString() }),
});

const columns: readonly Column<ReturnType<typeof viewKey>>[] = [
  { title: 'KEY', text: (it) => it.id },
  { title: 'NAME', text: (it) => it.name, shrinks: true },
  { title: 'SCOPE', text: (it) => it.scope },
  { title: 'MADE', text: (it) => dayAndMinute(it.created_at) },
  { title: 'REVOKED', text: (it) => (it.revoked_at === undefined ? '' : dayAndMinute(it.revoked_at)) },
];
