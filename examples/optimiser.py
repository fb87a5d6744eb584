"""An optimiser of your own for `planner: { url: http://localhost:8077/ }`: cheapest slots first, within every limit.
docs/planner.schema.json describes the problem and the plan. Run it with `python3 examples/optimiser.py`."""
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

SLOT = 900  # s

def at(steps, t):
    return next((s for s in steps if s["from"] <= t < s["to"]), {})

def solve(problem):
    slots = range(int(problem["now"]), int(problem["horizonEnd"]), SLOT)
    nodes = {n["name"]: n for n in problem["limits"]}
    root = next((n["name"] for n in problem["limits"] if "parent" not in n), None)
    price = {t: at(problem.get("prices", []), t).get("value", 1e9) for t in slots}
    free = {}  # (node, slot): what is left there, A on L1, L2, L3 and W
    for name, t, step in ((n, t, at(nodes[n]["steps"], t)) for n in nodes for t in slots):
        a = step.get("amperes", 1e9)
        free[name, t] = (a if isinstance(a, list) else [a] * 3) + [step.get("watts", 1e9)]
    schedules = []
    for s in sorted((s for s in problem["sessions"] if s["steerable"]), key=lambda s: s.get("departure", 1e12)):
        evse, left, limits, path, node = s["evse"], s.get("need", 30_000), dict.fromkeys(slots, 0), [], s.get("node", root)
        while node in nodes and node not in path:
            path, node = path + [node], nodes[node].get("parent")
        watts = evse["voltage"] * len(evse["phases"]) if evse["unit"] == "A" else 1  # for one unit of the limit
        loads = [watts / evse["voltage"] / len(evse["phases"]) * (p in evse["phases"]) for p in (1, 2, 3)] + [watts]
        for t in sorted((t for t in slots if s["arrival"] <= t <= s.get("departure", 1e12) - SLOT), key=lambda t: (price[t], t)):
            room = min([evse["max"]] + [has / load for n in path for has, load in zip(free[n, t], loads) if load])
            if left <= 0 or room < max(evse["min"], 0.1): continue
            limits[t] = int(room * 10) / 10
            left -= limits[t] * watts * SLOT / 3600
            for n in path:
                free[n, t] = [has - load * limits[t] for has, load in zip(free[n, t], loads)]
        schedules.append({"key": s["key"], "steps": [{"from": t, "to": t + SLOT, "value": limits[t]} for t in slots]})
    return {"schedules": schedules}

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        plan = json.dumps(solve(json.loads(self.rfile.read(int(self.headers["content-length"]))))).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(plan)))
        self.end_headers()
        self.wfile.write(plan)

if __name__ == "__main__":
    HTTPServer(("localhost", 8077), Handler).serve_forever()
