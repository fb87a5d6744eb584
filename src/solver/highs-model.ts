import type { Highs, Model } from 'highs';
import type { BoundChanges } from '../planner/linear/dive.ts';
import type { LinearModel } from '../planner/linear/linear-model.ts';
import type { Basis } from '../planner/linear/map-basis.ts';

/** The optimum of a linear model. */
export interface Optimum {
  objective: number;
  /** The value of each column. */
  values: Float64Array;
}

/** One HiGHS model in the memory of the WASM runtime. It must be disposed: garbage collection does not free it. */
export class HighsModel implements Disposable {
  readonly #highs: Highs;
  readonly #model: Model;
  #offset = 0;

  constructor(highs: Highs) {
    this.#highs = highs;
    this.#model = highs.createModel();
    this.#model.options.set({ output_flag: false, presolve: 'off', solver: 'simplex', random_seed: 0 });
  }

  /** Replaces the model. A basis makes the next run start from it. */
  pass(model: LinearModel, basis?: Basis): void {
    const [numCols, numRows] = [model.costs.length, model.rowLower.length];
    this.#offset = model.offset;
    this.#model.passModel({
      numCols,
      numRows,
      colCost: model.costs,
      colLower: model.lower,
      colUpper: model.upper,
      rowLower: model.rowLower,
      rowUpper: model.rowUpper,
      matrix: { format: 'csc', numCols, numRows, starts: model.starts, indices: model.indices, values: model.values },
    });
    if (basis) this.#model.setBasis({ colStatus: basis.columns, rowStatus: basis.rows });
  }

  /** Changes bounds and keeps the basis. */
  change({ columns, lower, upper, rows, rowLower, rowUpper }: BoundChanges): void {
    for (const [n, column] of columns.entries()) this.#model.changeColBounds(column, lower[n] ?? 0, upper[n] ?? 0);
    for (const [n, row] of rows.entries()) this.#model.changeRowBounds(row, rowLower[n] ?? -this.#highs.infinity, rowUpper[n] ?? 0);
  }

  /** Solves the model within a number of seconds; undefined: there is no optimum in this time. */
  run(seconds: number): Optimum | undefined {
    const { optimal, timeLimit } = this.#highs.constants.modelStatus;
    const status = () => this.#model.getModelStatus();
    this.#model.zeroAllClocks();
    this.#model.options.set('time_limit', Math.max(0.001, seconds));
    this.#model.run();
    if (status() !== optimal && status() !== timeLimit) {
      this.#model.clearSolver(); // the basis of the last plan misled it: begin without one
      this.#model.run();
    }
    if (status() !== optimal) return undefined;
    return { objective: this.#model.getObjectiveValue() + this.#offset, values: Float64Array.from(this.#model.getSolution().colValue) };
  }

  get basis(): Basis {
    const { colStatus, rowStatus } = this.#model.getBasis();
    return { columns: colStatus, rows: rowStatus };
  }

  [Symbol.dispose](): void {
    this.#model.dispose();
  }
}
