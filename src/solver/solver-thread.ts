import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../domain/clock.ts';
import type { SitePlan } from '../planner/site-plan.ts';
import type { SiteProblem } from '../planner/site-problem.ts';
import type { PlanAnswer, PlanOrder } from './solver-messages.ts';

/** The plan, or why there is none. */
export type Solved = { plan: SitePlan } | { failed: string };

interface Waiting {
  problem: SiteProblem;
  /** ms by the steady clock. */
  until: number;
  resolve: (solved: Solved) => void;
  cancel: () => void;
}

const PROGRAM = new URL(`./solver-worker${extname(import.meta.filename)}`, import.meta.url);
/** ms that a worker gets beyond the deadline, to answer with LLF itself. */
const GRACE_MS = 250;

/** One worker thread with a solver. It starts at the first order, plans one problem at a time, and is replaced when it hangs or dies. */
export class SolverThread {
  readonly #clock: Clock;
  readonly #queue: Waiting[] = [];
  #worker: Worker | undefined;
  #running: { id: number; waiting: Waiting } | undefined;
  #lastId = 0;
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Plans within a number of milliseconds, waiting in the queue included. */
  solve(problem: SiteProblem, deadline: number): Promise<Solved> {
    return new Promise((resolve) => {
      if (this.#isClosed) return resolve({ failed: 'the solver is stopped' });
      const cancel = this.#clock.after(deadline + GRACE_MS, () => this.#expire(waiting, deadline));
      const waiting: Waiting = { problem, until: this.#clock.steady() + deadline, resolve, cancel };
      this.#queue.push(waiting);
      this.#next();
    });
  }

  /** Stops the worker. Open orders end without a plan. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#replace('the solver is stopped');
    for (const waiting of this.#queue.splice(0)) end(waiting, { failed: 'the solver is stopped' });
  }

  #next(): void {
    if (this.#running || this.#isClosed) return;
    const waiting = this.#queue.shift();
    if (!waiting) return;
    const order: PlanOrder = { id: ++this.#lastId, problem: waiting.problem, deadline: Math.max(1, waiting.until - this.#clock.steady()) };
    this.#running = { id: order.id, waiting };
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#worker.postMessage(order);
  }

  #start(): Worker {
    const worker = new Worker(PROGRAM);
    worker.on('message', (answer: PlanAnswer) => this.#take(answer));
    worker.on('error', (error) => this.#died(worker, `the solver failed: ${error instanceof Error ? error.message : String(error)}`));
    worker.on('exit', (code) => this.#died(worker, `the solver ended with code ${code}`));
    return worker;
  }

  #take(answer: PlanAnswer): void {
    if (this.#running?.id !== answer.id) return;
    const { waiting } = this.#running;
    this.#running = undefined;
    this.#worker?.unref(); // an idle solver does not keep the process alive
    end(waiting, 'plan' in answer ? { plan: answer.plan } : { failed: `the solver failed: ${answer.failed}` });
    this.#next();
  }

  #died(worker: Worker, failed: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const running = this.#running;
    this.#running = undefined;
    if (running) end(running.waiting, { failed });
    this.#next();
  }

  /** The worker hangs, or the order waited for too long. */
  #expire(waiting: Waiting, deadline: number): void {
    const failed = `the solver did not answer within ${deadline} ms`;
    const place = this.#queue.indexOf(waiting);
    if (place >= 0) this.#queue.splice(place, 1);
    end(waiting, { failed });
    if (this.#running?.waiting === waiting) void this.#replace(failed);
  }

  async #replace(failed: string): Promise<void> {
    const worker = this.#worker;
    if (!worker) return;
    this.#died(worker, failed);
    await worker.terminate();
  }
}

function end({ cancel, resolve }: Waiting, solved: Solved): void {
  cancel();
  resolve(solved);
}
