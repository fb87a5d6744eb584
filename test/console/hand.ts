import type { Locator, Page } from 'playwright-core';

/** How a task is done. */
export const WAYS = ['mouse', 'keyboard', 'phone'] as const;
export type Way = (typeof WAYS)[number];

/** An element, with its name for the page of tasks. */
export interface Named {
  called: string;
  at: Locator;
}

/** Does one thing after another in a page, and counts: one click, one key, one typed text or one choice is one interaction. */
export interface Hand {
  page: Page;
  /** What was done, in words: one line for each interaction. */
  done: readonly string[];
  /** Clicks with the mouse; on a phone, taps. */
  click(it: Named): Promise<void>;
  /** Presses one key or key chord, such as `Control+k`. */
  press(key: string, what: string): Promise<void>;
  /** Types a text into the field that has the focus, and presses Enter when `enter` resolves. */
  type(words: string, enter?: Promise<unknown>): Promise<void>;
}

/** A hand that works in a page. */
export function handOf(page: Page, way: Way): Hand {
  const done: string[] = [];
  return {
    page,
    done,
    click: async ({ called, at }) => {
      done.push(`${way === 'phone' ? 'tap' : 'click'} ${called}`);
      if (way === 'phone') await at.tap();
      else await at.click();
    },
    press: async (key, what) => {
      done.push(`\`${key.replace('Control+k', 'Ctrl K')}\`${what === '' ? '' : `: ${what}`}`);
      await page.keyboard.press(key);
    },
    type: async (words, enter) => {
      done.push(`type \`${words}\` and Enter`);
      await page.keyboard.type(words);
      await enter;
      await page.keyboard.press('Enter');
    },
  };
}
