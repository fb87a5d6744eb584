import { parentPort } from 'node:worker_threads';
import type { Highs } from 'highs';
import { loadHighs } from './load-highs.ts';
import { SiteOptimiser } from './optimise-site.ts';
import type { PlanAnswer, PlanOrder } from './solver-messages.ts';

// The program of a solver thread: it plans one site after another, and keeps a warm model for each of the last sites.

/** Warm models in the memory of one WASM runtime; the site that was planned longest ago gives up its own. */
const MOST_MODELS = 64;
const optimisers = new Map<string, SiteOptimiser>();

function optimiserOf(highs: Highs, site: string): SiteOptimiser {
  const known = optimisers.get(site) ?? new SiteOptimiser(highs);
  optimisers.delete(site);
  optimisers.set(site, known);
  for (const [oldest, optimiser] of optimisers) {
    if (optimisers.size <= MOST_MODELS) break;
    optimiser[Symbol.dispose]();
    optimisers.delete(oldest);
  }
  return known;
}

/** A model that failed may be broken: the next plan of the site begins with a new one. */
function forget(site: string): void {
  optimisers.get(site)?.[Symbol.dispose]();
  optimisers.delete(site);
}

function answer(highs: Highs, { id, problem, deadline }: PlanOrder): PlanAnswer {
  const began = performance.now();
  try {
    return { id, plan: optimiserOf(highs, problem.site).plan(problem, { deadline, elapsed: () => performance.now() - began }) };
  } catch (error) {
    forget(problem.site);
    return { id, failed: error instanceof Error ? error.message : String(error) };
  }
}

const highs = await loadHighs();
parentPort?.on('message', (order: PlanOrder) => parentPort?.postMessage(answer(highs, order)));
