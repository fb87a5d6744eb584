/** An arc of a network: up to `capacity` whole units, each at `cost`. */
interface Arc {
  to: number;
  capacity: number;
  cost: number;
  /** The number of the arc in the other direction. */
  back: number;
}

/** A network whose cheapest flow is found exactly by shortest augmenting paths (Bellman-Ford): slow, simple, and no linear programme. */
export class Network {
  readonly #arcs: Arc[] = [];
  readonly #from: number[][] = [];

  node(): number {
    return this.#from.push([]) - 1;
  }

  arc(from: number, to: number, { capacity, cost }: { capacity: number; cost: number }): void {
    const n = this.#arcs.length;
    this.#arcs.push({ to, capacity, cost, back: n + 1 }, { to: from, capacity: 0, cost: -cost, back: n });
    this.#from[from]?.push(n);
    this.#from[to]?.push(n + 1);
  }

  /** The cost of the cheapest flow of `amount` units. */
  cheapest(source: number, sink: number, amount: number): number {
    let [left, cost] = [amount, 0];
    while (left > 0) {
      const path = this.#shortest(source, sink);
      if (!path) throw new Error(`only ${amount - left} of ${amount} units fit`);
      const flow = path.reduce((low, n) => Math.min(low, this.#arcs[n]?.capacity ?? 0), left);
      for (const n of path) {
        const arc = this.#arcs[n];
        const back = this.#arcs[arc?.back ?? -1];
        if (!arc || !back) continue;
        arc.capacity -= flow;
        back.capacity += flow;
        cost += flow * arc.cost;
      }
      left -= flow;
    }
    return cost;
  }

  #shortest(source: number, sink: number): number[] | undefined {
    const distance = this.#from.map(() => Infinity);
    const by = this.#from.map(() => -1);
    distance[source] = 0;
    for (let changed = true; changed; ) {
      changed = false;
      for (const [node, arcs] of this.#from.entries())
        for (const n of arcs) {
          const arc = this.#arcs[n];
          const reached = (distance[node] ?? Infinity) + (arc?.cost ?? 0);
          if (!arc || arc.capacity <= 0 || reached >= (distance[arc.to] ?? Infinity) - 1e-9) continue;
          distance[arc.to] = reached;
          by[arc.to] = n;
          changed = true;
        }
    }
    if (!Number.isFinite(distance[sink])) return undefined;
    const path: number[] = [];
    for (let node = sink; node !== source; node = this.#arcs[this.#arcs[by[node] ?? -1]?.back ?? -1]?.to ?? source) path.push(by[node] ?? -1);
    return path;
  }
}
