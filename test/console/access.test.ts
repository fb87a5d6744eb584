import { expect, test } from 'vitest';
import { upTo } from '../profile-requests.ts';
import { openWorld } from '../world.ts';
import { addUser, lacksChromium, openBrowser, type Window } from './browser.fixture.ts';

const withConsole = { config: { console: {} } };

/** Presses a button of the row with this text, and says yes to its question. */
async function pressInRow({ page }: Window, text: string, act: string): Promise<void> {
  await page.getByRole('row').filter({ hasText: text }).getByRole('button', { name: act }).click();
  await page.getByRole('dialog').getByRole('button', { name: act }).click();
}

test.skipIf(lacksChromium)('CON-O03, CON-O05: keys and users are managed by forms, a key and a password are shown once, and only for an admin', async () => {
  await using world = await openWorld(withConsole);
  await using browser = await openBrowser();
  const node = world.node();
  await addUser(node, 'anna');
  await addUser(node, 'olaf', 'operate');
  const window = await browser.openWindow(node, { as: 'anna' });
  const { page, open, errors } = window;
  const statusWith = async (key: string) => (await fetch(`${node.publicUrl}/api/v1/sessions`, { headers: { authorization: `Bearer ${key}` } })).status;

  await open('access?tab=keys');
  await page.getByLabel('Name', { exact: true }).fill('billing');
  await page.getByRole('button', { name: 'Add key' }).click();
  const key = await page.getByLabel('Key of billing').first().inputValue();
  expect(await statusWith(key)).toBe(200);
  await pressInRow(window, 'billing', 'Revoke key');
  await page.getByText('The key is revoked.').waitFor();
  expect(await statusWith(key)).toBe(401);
  expect(await page.content()).not.toContain(key);

  await page.getByRole('link', { name: 'Users' }).click();
  await page.getByLabel('Name', { exact: true }).fill('vera');
  await page.getByLabel('Role').selectOption('operate');
  await page.getByRole('button', { name: 'Add user' }).click();
  const first = await page.getByLabel('Password of vera').first().inputValue();
  await pressInRow(window, 'vera', 'New password');
  await page.getByText('The password is changed.').waitFor();
  const second = await page.getByLabel('Password of vera').first().inputValue();
  const signIn = async (password: string) => {
    const headers = { 'content-type': 'application/json', origin: node.publicUrl, 'x-evenkeel': '1' };
    return (await fetch(`${node.publicUrl}/api/v1/login`, { method: 'POST', headers, body: JSON.stringify({ name: 'vera', password }) })).status;
  };
  expect([await signIn(first), await signIn(second)]).toEqual([401, 200]);
  await pressInRow(window, 'vera', 'Remove user');
  await page.getByText('The user is removed.').waitFor();
  expect((await node.users.all()).map(({ name }) => name).sort()).toEqual(['anna', 'olaf']);
  expect(await page.getByRole('row').filter({ hasText: 'anna' }).getByRole('button', { name: 'Remove user' }).isDisabled()).toBe(true);
  expect(errors).toEqual([]);

  const operator = await browser.openWindow(node, { as: 'olaf' });
  await operator.open('access?tab=users');
  await operator.page.getByText('This part needs the role admin.').waitFor();
  await operator.open('access');
  expect(await operator.page.getByRole('button', { name: 'Add contract' }).isDisabled()).toBe(true);
  expect(operator.errors).toEqual([]);
});

test.skipIf(lacksChromium)('CON-O04: contracts are added and ended, consents are recorded and withdrawn, and an error is a sentence', async () => {
  await using world = await openWorld(withConsole);
  await using browser = await openBrowser();
  await addUser(world.node(), 'anna');
  const window = await browser.openWindow(world.node(), { as: 'anna' });
  const { page, open, errors } = window;
  await open('access');
  const form = (name: string) => page.getByRole('region', { name });
  const contract = form('Add a contract');
  await contract.getByLabel('Party', { exact: true }).fill('NL*SCS');
  await contract.getByLabel('Rights').selectOption('control');
  await contract.getByLabel('Only customers of this party').fill('NL*MSP');
  await contract.getByLabel('From').fill('2030-01-02T00:00');
  await contract.getByLabel('Until').fill('2030-01-01T00:00');
  await contract.getByRole('button', { name: 'Add contract' }).click();
  expect(await contract.getByRole('alert').textContent()).toContain('must be later than from');
  await contract.getByLabel('From').fill('');
  await contract.getByRole('button', { name: 'Add contract' }).click();
  await contract.getByText('The contract is added.').waitFor();
  await page.getByRole('row').filter({ hasText: 'customers of NL*MSP' }).filter({ hasText: 'control' }).waitFor();
  await pressInRow(window, 'customers of NL*MSP', 'End contract');
  await page.getByText('The contract has ended.').waitFor();

  const consent = form('Record a consent');
  await consent.getByLabel('Party', { exact: true }).fill('NL*SCS');
  await consent.getByLabel('Token UID of the driver').fill('04DEADBEEF');
  await consent.getByLabel('Version of the text').fill('terms-7');
  await consent.getByRole('button', { name: 'Record consent' }).click();
  await consent.getByText('The consent is recorded.').waitFor();
  await pressInRow(window, 'terms-7', 'Withdraw consent');
  await page.getByText('The consent is withdrawn.').waitFor();
  await page.getByRole('row').filter({ hasText: 'terms-7' }).filter({ hasText: 'withdrawn' }).waitFor();
  expect(errors).toEqual([]);
});

test.skipIf(lacksChromium)('CON-O02: the overview of a new node shows its first steps, until a session was steered or the card is dismissed', async () => {
  await using world = await openWorld(withConsole);
  await using browser = await openBrowser();
  await addUser(world.node(), 'anna');
  const { page, open, errors } = await browser.openWindow(world.node(), { as: 'anna' });
  const other = await browser.openWindow(world.node(), { as: 'anna' });
  const card = page.getByRole('region', { name: 'First steps' });
  await open('');
  await card.getByText('1 of 5 done').waitFor();
  await card.getByRole('link', { name: 'Connect a peer' }).click();
  await page.getByRole('heading', { name: 'Connect a peer', level: 1 }).waitFor();
  await other.open('');
  await other.page.getByRole('button', { name: 'Dismiss' }).click();
  await other.page.getByRole('region', { name: 'First steps' }).waitFor({ state: 'detached' });
  const emsp = await world.emsp();
  const session = await world.charging(emsp, await world.station('CP-201'));
  await open('');
  await card.getByText('4 of 5 done').waitFor();
  expect(await (await emsp.set(session, upTo(9))).later).toMatchObject({ result: 'ACCEPTED' });
  await card.waitFor({ state: 'detached' });
  await other.page.reload();
  await other.page
    .getByRole('region', { name: 'Alarms' })
    .or(other.page.getByRole('heading', { level: 1 }))
    .first()
    .waitFor();
  expect(await other.page.getByRole('region', { name: 'First steps' }).count()).toBe(0);
  expect([...errors, ...other.errors]).toEqual([]);
});
