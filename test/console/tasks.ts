import type { Locator } from 'playwright-core';
import type { Hand, Named, Way } from './hand.ts';

/** What a task needs to know of the window that it is done in. */
export interface Desk {
  /** Reads from the operator API as the signed-in user. */
  read(path: string): Promise<unknown>;
}

/** Something that an operator does, begun on the overview. */
export interface Task {
  id: string;
  /** What is to be done, as an instruction. */
  title: string;
  ways: Readonly<Record<Way, (hand: Hand) => Promise<void>>>;
  /** Waits until the page shows the result, and throws when the node does not have it. */
  shows(hand: Hand, desk: Desk): Promise<void>;
}

/** The most interactions of a task. */
export const MOST_INTERACTIONS = 4;

const named = (called: string, at: Locator): Named => ({ called, at });
const pageLink = ({ page }: Hand, name: string): Named =>
  named(`**${name}** in the list of pages`, page.getByRole('navigation', { name: 'Pages of the console' }).getByRole('link', { name, exact: true }));
const button = ({ page }: Hand, name: string): Named => named(`**${name}**`, page.getByRole('button', { name, exact: true }));
const menu = (hand: Hand): Named => button(hand, 'Menu');
/** The list is ordered by power once the node has measured all cars. */
const sessionRow = ({ page }: Hand, evse: string): Named =>
  named(`**${evse}** under *Sessions now*`, page.getByRole('region', { name: 'Sessions now' }).getByRole('link', { name: evse, exact: true }));

/** Opens the palette by key, or by its button. */
async function openPalette(hand: Hand, way: Way): Promise<void> {
  if (way === 'keyboard') await hand.press('Control+k', 'the command palette opens');
  else await hand.click(named('**Command**', hand.page.getByRole('button', { name: /^Command/ })));
  await hand.page.getByRole('combobox', { name: 'Commands' }).waitFor();
}
/** Gives a command; Enter takes what the palette offers for it. */
const command = (hand: Hand, words: string, offered: RegExp) => hand.type(words, hand.page.getByRole('option', { name: offered }).first().waitFor());
/** Waits until the element that Enter would press has the focus. */
const focused = (at: Locator) => at.and(at.page().locator(':focus')).waitFor();
/** Waits until the alarm of the world is the only one: others of a busy machine are taken over by the other shift. */
async function waitForAlarm({ page }: Hand): Promise<void> {
  await page.getByRole('region', { name: 'Results not delivered' }).getByText('500').waitFor();
  await page.locator('.alarm-acts:visible').nth(1).waitFor({ state: 'detached' });
}
const openExchanges = ({ page }: Hand): Named => named('**Open the exchanges** at the alarm', page.getByRole('link', { name: 'Open the exchanges' }).first());
const undelivered = ({ page }: Hand): Named =>
  named(
    'the time of the exchange whose result is *not delivered*',
    page.getByRole('row').filter({ hasText: 'not delivered' }).first().getByRole('link').first(),
  );

function hold(is: boolean, what: string): void {
  if (!is) throw new Error(`the node does not have it: ${what}`);
}

const findWhatNeedsMe: Task = {
  id: 'CON-K01',
  title: 'Find what needs me',
  ways: {
    mouse: async (hand) => hand.click(openExchanges(hand)),
    keyboard: async (hand) => {
      await waitForAlarm(hand);
      await hand.press('j', 'the focus goes to the first alarm');
      await hand.press('Enter', 'it opens');
    },
    phone: async (hand) => hand.click(openExchanges(hand)),
  },
  shows: async ({ page }) => page.getByRole('heading', { name: 'Exchanges', level: 1 }).waitFor(),
};

const seeMostPower = async ({ page }: Hand) =>
  page.getByRole('region', { name: 'Sessions now' }).locator('tbody tr').first().filter({ hasText: 'OAK-1-1' }).waitFor();
const findMostPower: Task = {
  id: 'CON-K02',
  title: 'Find the session that draws most',
  ways: {
    mouse: async (hand) => hand.click(named('the first row of *Sessions now*, which has the most power', sessionRow(hand, 'OAK-1-1').at)),
    keyboard: async (hand) => {
      await seeMostPower(hand);
      await waitForAlarm(hand);
      await hand.press('j', 'the focus goes to the first alarm');
      await hand.press('j', 'after the alarms it goes to the first row of *Sessions now*, which has the most power');
      await hand.press('Enter', 'it opens');
    },
    phone: async (hand) => hand.click(named('the first row of *Sessions now*, which has the most power', sessionRow(hand, 'OAK-1-1').at)),
  },
  shows: async (hand, { read }) => {
    await hand.page.getByRole('heading', { name: /OAK-1-1/, level: 1 }).waitFor();
    const { items } = Object(await read('sessions?status=ACTIVE&sort=power&limit=1'));
    hold(items[0].session.evse_uid === 'OAK-1-1', 'OAK-1-1 has the most power');
  },
};

async function limitByForm(hand: Hand): Promise<void> {
  await seeMostPower(hand);
  await hand.click(sessionRow(hand, 'OAK-1-1'));
  await hand.click(named('the field with the limit', hand.page.getByLabel('Limit of period 1, A')));
  await hand.type('8');
  await setIsDone(hand);
  await hand.click(named('**Undo**', hand.page.getByRole('button', { name: 'Undo' })));
}
const setIsDone = ({ page }: Hand) => page.getByText(/limited OAK-1-1 to 8 A until \d\d:\d\d/).waitFor();
const limitAndUndo: Task = {
  id: 'CON-K03',
  title: 'Limit it to 8 A for 15 min, and undo that',
  ways: {
    mouse: limitByForm,
    keyboard: async (hand) => {
      await openPalette(hand, 'keyboard');
      await command(hand, 'set oak-1 8A for 15m', /^OAK-1-1/);
      await focused(button(hand, 'Set profile').at);
      await hand.press('Enter', 'the form, which is filled in, is sent');
      await setIsDone(hand);
      await hand.press('u', 'undo');
    },
    phone: limitByForm,
  },
  shows: async ({ page }, { read }) => {
    await page.getByText('Undone: what held before is put back.').waitFor();
    const { items } = Object(await read('exchanges?limit=10'));
    const sets = items.filter((it: { kind: string; by?: unknown; station?: string }) => it.station === 'OAK-1');
    hold(sets.length >= 2 && JSON.stringify(sets).includes('"limit":8'), 'a set of 8 A on OAK-1 and its undo');
  },
};

const sayWhySlow: Task = {
  id: 'CON-K04',
  title: 'Say why the car at OAK-2 is slow',
  ways: {
    mouse: async (hand) => hand.click(sessionRow(hand, 'OAK-2-1')),
    keyboard: async (hand) => {
      await openPalette(hand, 'keyboard');
      await command(hand, 'why oak-2', /^OAK-2-1/);
    },
    phone: async (hand) => hand.click(sessionRow(hand, 'OAK-2-1')),
  },
  shows: async ({ page }) =>
    page
      .getByRole('region', { name: 'Why is this car slow?' })
      .getByText(/NL\*MSP.* 8 A/)
      .first()
      .waitFor(),
};

async function failedByClick(hand: Hand): Promise<void> {
  await hand.click(openExchanges(hand));
  await hand.click(undelivered(hand));
}
const findFailedCallback: Task = {
  id: 'CON-K05',
  title: 'Find why a callback failed',
  ways: {
    mouse: failedByClick,
    keyboard: async (hand) => {
      await waitForAlarm(hand);
      await hand.press('j', 'the focus goes to the alarm, which says why');
      await hand.press('Enter', 'its exchanges open');
      await undelivered(hand).at.waitFor();
      await hand.press('j', 'the focus goes to the first exchange');
      await hand.press('Enter', 'it opens');
    },
    phone: failedByClick,
  },
  shows: async ({ page }) => {
    await page.getByText('500').first().waitFor();
    hold(/\/exchanges\/.+/.test(page.url()), 'the page of an exchange');
  },
};

const isHalted = ({ page }: Hand) =>
  page
    .getByText(/halted NL\*MSP/)
    .first()
    .waitFor();
const haltDialog = ({ page }: Hand) => page.getByRole('dialog').getByRole('button', { name: /^Halt/ });
const haltAndResume: Task = {
  id: 'CON-K06',
  title: 'Halt a party, and resume it',
  ways: {
    mouse: async (hand) => {
      await hand.click(pageLink(hand, 'Steering'));
      await hand.click(button(hand, 'Halt NL*MSP'));
      await hand.click(named('**Halt NL*MSP** in the question', haltDialog(hand)));
      await isHalted(hand);
      await hand.click(named('**Undo**', hand.page.getByRole('button', { name: 'Undo' })));
    },
    keyboard: async (hand) => {
      await openPalette(hand, 'keyboard');
      await command(hand, 'halt nl*msp', /^NL\*MSP/);
      await haltDialog(hand).waitFor();
      await hand.press('Enter', 'yes');
      await isHalted(hand);
      await hand.press('u', 'undo');
    },
    phone: async (hand) => {
      await openPalette(hand, 'phone');
      await command(hand, 'halt nl*msp', /^NL\*MSP/);
      await hand.click(named('**Halt NL*MSP** in the question', haltDialog(hand)));
      await isHalted(hand);
      await hand.click(named('**Undo**', hand.page.getByRole('button', { name: 'Undo' })));
    },
  },
  shows: async ({ page }, { read }) => {
    await page.getByText('Undone: what held before is put back.').waitFor();
    hold(Object(await read('overview')).halted.length === 0, 'no party is halted');
    hold(JSON.stringify(await read('audit?by=me&limit=4')).includes('halt'), 'the halt in the audit');
  },
};

async function imposeByPalette(hand: Hand, way: Way): Promise<void> {
  await openPalette(hand, way);
  await command(hand, 'limit street/north 20A until 18:00', /^street\/north/);
  if (way === 'keyboard') {
    await focused(button(hand, 'Apply').at);
    await hand.press('Enter', 'the form, which is filled in, is sent');
  } else await hand.click(button(hand, 'Apply'));
}
const imposeLimit: Task = {
  id: 'CON-K07',
  title: 'Impose 20 A on street/north until 18:00',
  ways: {
    mouse: (hand) => imposeByPalette(hand, 'mouse'),
    keyboard: (hand) => imposeByPalette(hand, 'keyboard'),
    phone: (hand) => imposeByPalette(hand, 'phone'),
  },
  shows: async ({ page }, { read }) => {
    await page
      .getByRole('region', { name: 'Limits of operators' })
      .getByText(/^20 A on street\/north until 18:00/)
      .waitFor();
    const { items } = Object(await read('acts/running'));
    hold(
      items.some((it: { node?: string; limit: { a?: number } }) => it.node === 'street/north' && it.limit.a === 20),
      '20 A on street/north',
    );
  },
};

const findMyActs: Task = {
  id: 'CON-K08',
  title: 'Find what I did',
  ways: {
    mouse: async (hand) => hand.click(named('**Signed in as anna**', hand.page.getByRole('link', { name: 'Signed in as anna' }))),
    keyboard: async (hand) => {
      await openPalette(hand, 'keyboard');
      await command(hand, 'my acts', /^My acts/);
    },
    phone: async (hand) => {
      await hand.click(menu(hand));
      await hand.click(named('**Signed in as anna**', hand.page.getByRole('link', { name: 'Signed in as anna' })));
    },
  },
  shows: async ({ page }, { read }) => {
    await page.getByRole('button', { name: 'My acts', pressed: true }).waitFor();
    await page.getByRole('cell', { name: /anna/ }).first().waitFor();
    const { items } = Object(await read('audit?by=me'));
    hold(items.length > 0 && items.every((it: { by: { name?: string } }) => it.by.name === 'anna'), 'acts of anna only');
  },
};

/** The tasks of docs/console-tasks.md, in the order in which they are done. */
export const TASKS: readonly Task[] = [findWhatNeedsMe, findMostPower, limitAndUndo, sayWhySlow, findFailedCallback, haltAndResume, imposeLimit, findMyActs];
