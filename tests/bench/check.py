"""How long a full check takes, beside what merely reads the same file: one small manifest, and a generated file as it grows.

`table()` is the report, `profile()` what the time goes into. Each figure is taken in a process of its own: CPU seconds (best of several runs)
and the growth of its peak memory, with the cycle collector off for all alike, as in the simulator's own command line. The generated file holds N Deployments, N Services and N/5 Ingresses; N is 1,000.
"""

from __future__ import annotations

import cProfile
import gc
import io
import json
import pstats
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import yaml

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{n}
  namespace: default
  labels:
    app: web-{n}
    app.kubernetes.io/part-of: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web-{n}
  template:
    metadata:
      labels:
        app: web-{n}
        app.kubernetes.io/part-of: shop
    spec:
      containers:
      - name: web
        image: example.com/web:{n}
        env:
        - name: LISTEN
          value: "8080"
        ports:
        - name: http
          containerPort: 8080
        readinessProbe:
          httpGet:
            path: /ready
            port: http
        resources:
          requests:
            cpu: 100m
            memory: 64Mi
          limits:
            memory: 128Mi
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata:
  name: web-{n}
  namespace: default
  labels:
    app: web-{n}
spec:
  type: ClusterIP
  selector:
    app: web-{n}
  ports:
  - name: http
    port: 80
    protocol: TCP
    targetPort: http
"""
INGRESS = """\
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web-{n}
spec:
  ingressClassName: nginx
  rules:
  - host: web-{n}.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web-{n}
            port:
              name: http
"""


def manifest(size: int) -> str:
    """`size` Deployments, as many Services and a fifth as many Ingresses (at least one)."""
    parts = [template.format(n=n) for n in range(size) for template in (DEPLOYMENT, SERVICE)]
    parts += [INGRESS.format(n=n) for n in range(max(1, size // 5))]
    return "---\n".join(parts)


def full_check(text: str) -> None:
    from simulator import Scenario, SourceFile, run

    _ = run(Scenario(manifests=(SourceFile("bench.yaml", text),))).findings


def c_loader(text: str) -> None:
    for _ in yaml.load_all(text, Loader=yaml.CSafeLoader):
        pass


def c_events(text: str) -> None:
    for _ in yaml.parse(text, Loader=yaml.CSafeLoader):
        pass


def schema_check(text: str) -> None:
    """kubernetes-validate --strict: the schema alone."""
    import kubernetes_validate

    for document in yaml.load_all(text, Loader=yaml.CSafeLoader):
        kubernetes_validate.validate(document, "1.36", strict=True)


SUBJECTS: dict[str, Callable[[str], None]] = {
    "full check": full_check,
    "yaml.CSafeLoader": c_loader,
    "C event stream": c_events,
    "kubernetes-validate --strict": schema_check,
}


def measured(subject: str, size: int, runs: int) -> tuple[float, float]:
    """CPU seconds (best run) and growth of peak memory in MiB, in a process of its own that has done a small one before."""
    words = [sys.executable, "-m", "tests.bench.check", subject, str(size), str(runs)]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    seconds, mebibytes = json.loads(told)
    return seconds, mebibytes


def _measure(subject: str, size: int, runs: int) -> tuple[float, float]:
    work, text = SUBJECTS[subject], manifest(size)
    work(manifest(1))
    gc.disable()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best = float("inf")
    for _ in range(runs):
        started = time.process_time()
        work(text)
        best = min(best, time.process_time() - started)
        gc.collect()
    return best, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def table(size: int = 1000) -> str:
    return "\n".join(_lines(size))


def _lines(size: int) -> Iterator[str]:
    small, _ = measured("full check", 1, 50)
    yield f"small manifest (Deployment, Service, Ingress): full check {small * 1000:.1f} ms of CPU"
    text = manifest(size)
    documents = text.count("\n---\n") + 1
    yield f"\ngenerated file: {documents} documents, {len(text) / 1e6:.2f} MB"
    yield f"{'':30} {'CPU s':>8} {'MiB':>7} {'x events':>9}"
    figures = {subject: measured(subject, size, 3) for subject in ("C event stream", "yaml.CSafeLoader", "full check")}
    sample, _ = measured("kubernetes-validate --strict", 5, 1)
    figures["kubernetes-validate --strict"] = sample * size / 5, 0.0
    events = figures["C event stream"][0]
    for subject, (seconds, mebibytes) in figures.items():
        scaled = " (11 documents, scaled)" if subject.startswith("kubernetes") else ""
        memory = "" if scaled else f"{mebibytes:.0f}"
        yield f"{subject:30} {seconds:8.3f} {memory:>7} {seconds / events:9.1f}{scaled}"
    yield "\ngrowth of the full check"
    base = None
    for factor in (1, 2, 4, 8):
        seconds, mebibytes = measured("full check", size * factor // 8, 3)
        base = base or seconds
        yield f"  x{factor}: {size * factor // 8:5} Deployments {seconds:8.3f} s ({seconds / base:4.1f} times) {mebibytes:6.0f} MiB"


def profile(size: int = 1000) -> str:
    """The functions that a full check of the generated file spends most time in."""
    text, profiler, out = manifest(size), cProfile.Profile(), io.StringIO()
    full_check(manifest(1))
    profiler.runcall(full_check, text)
    pstats.Stats(profiler, stream=out).sort_stats("tottime").print_stats(25)
    return out.getvalue()


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
