import highsModule, { type Highs } from 'highs';

/** Loads HiGHS. Its types describe the CommonJS build, whose default export is a property; the ES module exports the function itself. */
export const loadHighs = highsModule as unknown as () => Promise<Highs>;
