import { type Command, Option } from 'commander';
import { SCOPES, type Scope } from '../node/operators/roles.ts';
import type { ConsoleUser } from '../node/operators/users.ts';
import { askPassword } from './ask-password.ts';
import { CONFIG_OPTION, openUsers } from './configuration.ts';
import { dayAndMinute } from './describe-limit.ts';
import { valueOrThrow } from './output.ts';
import { JSON_OPTION, type OutputOptions, printList, printObject } from './print.ts';
import type { Column } from './table.ts';

const NAME_OPTION = ['--name <name>', 'name to sign in with'] as const;

/** `users`: manages who may sign in to the console. */
export function addUsersCommand(program: Command): void {
  const users = program
    .command('users')
    .summary('manage the users of the console')
    .description('Users may sign in to the console of a node (/console). They are stored in the database. A running node applies a change at once.');
  addAddCommand(users);
  users
    .command('list')
    .summary('list all users')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .action(async ({ config, json = false }: { config: string } & OutputOptions) => {
      await using accounts = await openUsers(config);
      await printList((await accounts.all()).map(viewUser), { json }, { columns, none: 'there are no users; evenkeel users add makes one' });
    });
  users
    .command('password')
    .summary('set a new password for a user')
    .description('Asks for the new password, or reads it from standard input. The user is signed out everywhere.')
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption(...NAME_OPTION)
    .action(async ({ config, name, json = false }: { config: string; name: string } & OutputOptions) => {
      await using accounts = await openUsers(config);
      await printObject(viewUser(valueOrThrow(await accounts.setPassword(name, await askPassword()))), { json });
    });
  users
    .command('remove')
    .summary('remove a user')
    .description(
      'Removes a user, who is signed out everywhere. Give the id instead of the name for a user who signs in through an identity provider (oidc in the list).\nSuch a user can sign in again until the provider refuses it.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption(...NAME_OPTION)
    .action(async ({ config, name, json = false }: { config: string; name: string } & OutputOptions) => {
      await using accounts = await openUsers(config);
      await printObject(viewUser(valueOrThrow(await accounts.remove(name))), { json });
    });
}

function addAddCommand(users: Command): void {
  users
    .command('add')
    .summary('add a user')
    .description(
      'Asks for a password, or reads it from standard input, and prints the new user.\nWith --totp it also prints an otpauth: address for an authenticator app; the address cannot be shown again.',
    )
    .requiredOption(...CONFIG_OPTION)
    .option(...JSON_OPTION)
    .requiredOption(...NAME_OPTION)
    .addOption(
      new Option('--role <role>', 'view: read; operate: also set profiles and halt parties; admin: also change peers, contracts, consents and keys')
        .choices(SCOPES)
        .makeOptionMandatory(),
    )
    .option('--totp', 'require a code from an authenticator app as second factor')
    .action(async ({ config, name, role, totp = false, json = false }: { config: string; name: string; role: Scope; totp?: boolean } & OutputOptions) => {
      await using accounts = await openUsers(config);
      const { user, otpauth } = valueOrThrow(await accounts.add({ name, role, totp, password: await askPassword() }));
      await printObject({ ...viewUser(user), ...(otpauth !== undefined && { otpauth }) }, { json });
    });
}

const viewUser = ({ id, name, role, password, encryptedTotp, createdAt }: ConsoleUser) => ({
  id,
  name,
  role,
  via: password === undefined ? 'oidc' : 'password',
  totp: encryptedTotp !== undefined,
  created_at: new Date(createdAt).toISOString(),
});

const columns: readonly Column<ReturnType<typeof viewUser>>[] = [
  { title: 'NAME', text: (it) => it.name, shrinks: true },
  { title: 'ROLE', text: (it) => it.role },
  { title: 'SIGNS IN BY', text: (it) => `${it.via}${it.totp ? ' and code' : ''}` },
  { title: 'ADDED', text: (it) => dayAndMinute(it.created_at) },
  { title: 'USER', text: (it) => it.id },
];
