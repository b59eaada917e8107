"""Every lab by the way learners take: the broken one is broken, each solution solves, cheating does not."""

from __future__ import annotations

import pytest

from bot.app.lab_trial import Trial, attempt
from bot.learning.items import Lab, Solution
from bot.learning.lab import HINTS, LabAttempt, Part, operate
from bot.library.loader import read
from bot.rendering import lab as look
from bot.rendering.limits import fitted, problems, text_of
from bot.rendering.reply import Reply

LABS = read().library.labs
WITHOUT_A_FAULT = {
    "alias-of-a-site",
    "client-address-lost",
    "errors-in-each-rollout",
    "node-port-behind-firewall",
    "captured-by-search-list",
    "coredns-asks-itself",
    "five-seconds-now-and-then",
    "headless-in-place",
    "internal-load-balancer",
    "one-pod-does-all-the-work",
    "pod-cannot-call-itself",
    "ping-says-down",
}
"""Clusters that work as they were told to, or whose fault no manifest shows; the story wants something else, and no rule can know."""
EVERY = pytest.mark.parametrize("lab", LABS.values(), ids=LABS)


def changed(lab: Lab, solution: Solution) -> list[Part]:
    """What a learner hands in: the files that no operation brings."""
    here = {file.name: file.text for file in lab.after(solution.operations).manifests}
    return [Part(file.name, file.text) for file in solution.manifests if here.get(file.name) != file.text]


def solved(lab: Lab, solution: Solution) -> Trial:
    return attempt(lab, (), changed(lab, solution), solution.operations)


def screens(lab: Lab, trial: Trial) -> list[Reply]:
    taken = LabAttempt("k3v9x2k3v9x2", 1, lab.id)
    hints = [look.hint(taken, lab, trial, rung, {}) for rung in range(1, HINTS + 1)]
    operated = [
        look.tried(operate(taken, (each.id,), each.id, helps=False, solved=False), lab, trial, {}, None, each) for each in lab.operations
    ]
    return [look.task(taken, lab, trial), look.state(taken, lab, trial), look.tried(taken, lab, trial, {}, None), *operated, *hints]


@EVERY
def test_the_broken_one_is_broken(lab: Lab) -> None:
    """The goal fails, what is to be kept works, a fault is named; handing in the broken files changes nothing."""
    untouched = attempt(lab, (), ())
    assert not all(point.holds for point in untouched.goal)
    assert all(point.holds for point in untouched.keeps)
    assert untouched.fault or lab.id in WITHOUT_A_FAULT
    again = attempt(lab, (), [Part(file.name, file.text) for file in lab.manifests])
    assert not again.solved
    assert not again.declined


@EVERY
def test_each_solution_solves(lab: Lab) -> None:
    """Its operations done, and handed in as the files that change, all at once."""
    for solution in lab.solutions:
        trial = solved(lab, solution)
        assert (trial.failing, trial.declined, trial.solved) == (None, (), True)


@EVERY
def test_every_message_fits_discord(lab: Lab) -> None:
    """Task, state, hints, the end and the solution, before and after."""
    for trial in (attempt(lab, (), ()), solved(lab, lab.solutions[0])):
        for screen in screens(lab, trial):
            assert problems(fitted(screen)) == []
    assert problems(fitted(look.solution(LabAttempt("k3v9x2k3v9x2", 1, lab.id), lab, None))) == []


TYPO = LABS["selector-typo"]
ORDERS = LABS["wrong-target-port"]
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: production-api-svc}
spec:
  selector: {app: %s}
  ports: [{port: %s, targetPort: 8080}]
"""


def test_a_refused_document_changes_nothing() -> None:
    """As with kubectl: the old object stays, the server's words are shown, and the hint is about the refusal."""
    trial = attempt(TYPO, (), [Part("a.yaml", SERVICE % ("backend-api", 80000))])
    assert not trial.solved
    assert trial.applied == ()
    assert "must be between 1 and 65535" in trial.printed
    assert trial.anew
    first = look.tried(LabAttempt("k3v9x2k3v9x2", 1, TYPO.id), TYPO, trial, {}, None).blocks[0]
    assert "invalid" in str(first), "why nothing has changed, before what has not"


def test_a_slip_of_yaml_is_told_as_what_it_is() -> None:
    """And not as a part of an object without its name."""
    trial = attempt(TYPO, (), [Part("a.yaml", (SERVICE % ("backend-api", 80)).replace("{app", "{[app"))])
    assert "error converting YAML" in trial.printed
    assert trial.declined == ()
    assert not trial.taken


def test_a_policy_that_is_refused_does_not_vanish() -> None:
    """A broken document under a policy's name does not remove the policy."""
    lab = LABS["egress-forgot-dns"]
    broken = "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: frontend-out}\nspec: {egress: 7}\n"
    trial = attempt(lab, (), [Part("a.yaml", broken)])
    assert not trial.solved
    assert all(point.holds for point in trial.keeps)


def test_opening_everything_breaks_what_is_to_be_kept() -> None:
    """A policy that lets everything out reaches the goal and is no solution."""
    lab = LABS["egress-forgot-dns"]
    open_wide = (
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: frontend-out}\n"
        "spec: {podSelector: {matchLabels: {app: frontend}}, policyTypes: [Egress], egress: [{}]}\n"
    )
    trial = attempt(lab, (), [Part("a.yaml", open_wide)])
    assert all(point.holds for point in trial.goal)
    assert not trial.solved
    broken = [point.question for point in trial.keeps if not point.holds]
    assert broken == ["`default/frontend` to `default/database`, port 5432", "Pod default/frontend to the outside"], "each told once"


def test_a_site_without_its_check_is_not_what_was_asked() -> None:
    """Both Ingresses are stored when nobody is asked any more; the open firewall alone helps one of them, and the same configurations none."""
    lab = LABS["webhook-out-of-reach"]
    unasked = attempt(lab, (), (), ("delete-all-webhooks",))
    assert all(point.holds for point in unasked.goal)
    assert [point.found for point in unasked.keeps if not point.holds] == ["not so now"]
    shown = text_of(look.state(LabAttempt("k3v9x2k3v9x2", 1, lab.id), lab, unasked))
    assert "is as the task says: not so now" in shown
    half = attempt(lab, (), (), ("open-webhook-port",))
    assert [point.holds for point in half.goal] == [False, True]
    same = [Part(file.name, file.text) for file in lab.manifests if file.name in ("admission.yaml", "edge.yaml")]
    assert [point.holds for point in attempt(lab, (), same).goal] == [False, False]


def test_another_port_that_answers_is_not_the_one() -> None:
    """The metrics answer too; whoever sends customers there is told so."""
    service = next(file.text for file in ORDERS.manifests if file.name == "orders.yaml")
    trial = attempt(ORDERS, (), [Part("a.yaml", service.replace("8081", "9100"))])
    assert not trial.solved
    assert (trial.goal[0].wanted, trial.goal[0].found) == ("HTTP 200 from 2 Pods, at port 8080", "HTTP 200 from 2 Pods, at port 9100")


def test_a_shorter_or_half_a_repair_leaves_the_five_seconds() -> None:
    """A shorter timeout waits less, musl ignores what glibc reads, and a single CoreDNS Pod breaks what is to be kept."""
    lab = LABS["five-seconds-now-and-then"]
    shop, mailer = (next(file.text for file in lab.solutions[2].manifests if file.name == f"{name}.yaml") for name in ("shop", "mailer"))
    shorter = shop.replace("name: single-request-reopen", "{name: timeout, value: '1'}")
    half = attempt(lab, (), [Part("shop.yaml", shorter), Part("mailer.yaml", mailer.replace("libc: glibc", "libc: musl"))])
    assert [point.found.partition(", ")[2] for point in half.goal] == ["now and then only after 1 s", "now and then only after 2.5 s"]
    alone = attempt(lab, (), (), ("one-coredns",))
    assert all(point.holds for point in alone.goal)
    assert not alone.solved


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("seconds: 5", "seconds: 10", "open requests cut off"),
        ("seconds: 5", "seconds: 1", "new connections refused for up to 1 s"),
        ("replicas: 3", "replicas: 3\n  strategy: {type: Recreate}", "nobody serving for about 41 s"),
        ("replicas: 3", "replicas: 3\n  paused: true", "Deployment default/checkout is paused: nothing is rolled out"),
        (
            "httpGet:\n            path: /ready\n            port: 8080",
            "exec: {command: ['true']}",
            "refused for up to 15 s; nobody serving",
        ),
    ],
)
def test_half_a_repair_leaves_errors_in_a_roll_out(old: str, new: str, found: str) -> None:
    """Each end, the grace period and the strategy count; a probe that asks nobody counts for nothing."""
    lab = LABS["errors-in-each-rollout"]
    text = lab.solutions[0].manifests[0].text
    assert old in text
    trial = attempt(lab, (), [Part("checkout.yaml", text.replace(old, new))])
    assert not trial.solved
    assert found in trial.goal[0].found


def test_the_surroundings_stay_as_they_are() -> None:
    """A changed client is declined, the same client is not."""
    client = next(file.text for file in TYPO.manifests if file.name == "others.yaml")
    assert attempt(TYPO, (), [Part("others.yaml", client)]).declined == ()
    trial = attempt(TYPO, (), [Part("others.yaml", client.replace("app: backend-api", "app: other"))])
    assert "surroundings" in trial.declined[0]


def test_nobody_changes_what_a_process_does() -> None:
    """New `sim/` annotations are declined, and so is a Pod that stands in for those that there are."""
    workload = next(file.text for file in TYPO.manifests if file.name == "deployment.yaml")
    steered = workload.replace("kind: Deployment\nmetadata:", "kind: Deployment\nmetadata:\n  annotations: {sim/listens: '1'}")
    assert "process" in attempt(TYPO, (), [Part("a.yaml", steered)]).declined[0]
    decoy = "apiVersion: v1\nkind: Pod\nmetadata: {name: decoy, labels: {app: production-backend-api}}\nspec: {containers: [{name: c, image: c}]}\n"
    trial = attempt(TYPO, (), [Part("pod.yaml", decoy)])
    assert "Repair what is there" in trial.declined[0]
    assert not trial.solved


def test_changes_one_after_the_other() -> None:
    """What was taken before stays; handed in anew it takes the place of the old."""
    wrong = attempt(TYPO, (), [Part("a.yaml", SERVICE % ("other", 80))])
    assert [part.objects for part in wrong.applied] == [("Service/default/production-api-svc",)]
    right = attempt(TYPO, wrong.applied, [Part("b.yaml", SERVICE % ("backend-api", 80))])
    assert len(right.applied) == 1
    assert right.solved


def test_a_line_of_kubectl_deletes() -> None:
    """What is deleted is gone; what belongs to the surroundings stays; a deleted policy is no solution where it has to stay."""
    lab = LABS["egress-forgot-dns"]
    gone = attempt(lab, (), [Part("a.yaml", "kubectl delete netpol frontend-out\n")])
    assert "deleted: NetworkPolicy/default/frontend-out" in gone.printed
    assert all(point.holds for point in gone.goal)
    assert not gone.solved
    kept = attempt(TYPO, (), [Part("a.yaml", "kubectl delete pod client -n default\n")])
    assert kept.applied == ()
    assert "surroundings" in kept.declined[0]


@pytest.mark.parametrize(
    ("handed_in", "why"),
    [
        ("  selector:\n    app: backend-api\n", "without `kind` and `metadata.name`"),
        ("set the selector to backend-api", "without `kind` and `metadata.name`"),
        ("apiVersion: v1\nkind: Service\nspec: {selector: {app: backend-api}}\n", "without `metadata.name`"),
        ("# nothing yet\n", "There is no object"),
        ("kubectl delete svc production-api\n", "no svc `production-api` in the namespace `default`"),
    ],
)
def test_what_has_no_place_to_go_to_is_said(handed_in: str, why: str) -> None:
    """A learner who hands in a few lines, a sentence or a wrong name hears why nothing has changed."""
    trial = attempt(TYPO, (), [Part("a.yaml", handed_in)])
    assert trial.applied == ()
    assert why in trial.declined[0]
    assert "Not taken" in text_of(look.tried(LabAttempt("k3v9x2k3v9x2", 1, TYPO.id), TYPO, trial, {}, None))


def test_what_takes_the_place_of_something_is_replaced() -> None:
    """kubectl's word for it; of what is declined nothing is said to have happened."""
    assert attempt(TYPO, (), [Part("a.yaml", SERVICE % ("other", 80))]).printed == "service/production-api-svc replaced"
    assert (
        attempt(TYPO, (), [Part("a.yaml", (SERVICE % ("other", 80)).replace("production-api-svc", "new"))]).printed == "service/new created"
    )
    client = "apiVersion: v1\nkind: Pod\nmetadata: {name: client}\nspec: {containers: [{name: shell, image: x}]}\n"
    assert attempt(TYPO, (), [Part("a.yaml", client)]).printed == ""


def test_hints_look_at_the_attempt() -> None:
    """A fault of the learner's own making is what the hint is about first."""
    lab = LABS["ingress-pod-port"]
    text = next(file.text for file in lab.solutions[1].manifests if file.name == "ingress.yaml").replace("name: shop", "name: shopp")
    trial = attempt(lab, (), [Part("ingress.yaml", text)])
    assert trial.clue is not None
    assert trial.anew
    said = text_of(look.hint(LabAttempt("k3v9x2k3v9x2", 1, lab.id), lab, trial, 1, {}))
    assert "not so at the start" in said
    assert "not so at the start" not in text_of(look.hint(LabAttempt("k3v9x2k3v9x2", 1, lab.id), lab, attempt(lab, (), ()), 1, {}))


def test_secrets_are_emptied() -> None:
    """Nothing of a Secret's data is kept."""
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2}\n"
    trial = attempt(TYPO, (), [Part("s.yaml", secret)])
    assert trial.secrets == 1
    assert "hunter2" not in repr(trial)


@pytest.mark.parametrize(
    "text", ["", "]", "a: [", "kind: Service", "---\n---\n", "\x00", "apiVersion: v1\nkind: List\nitems: 7\n", "- 1\n"]
)
def test_any_text_can_be_handed_in(text: str) -> None:
    """Broken input is an answer and changes nothing."""
    trial = attempt(ORDERS, (), [Part("a.yaml", text)])
    assert not trial.solved
    assert trial.applied == ()


def checking(command: str) -> Trial:
    """The lab of the monitor with another command in its variable."""
    lab = LABS["ping-says-down"]
    monitor = next(file for file in lab.manifests if file.name == "monitor.yaml")
    return attempt(lab, (), [Part("monitor.yaml", monitor.text.replace("ping -c 3 web.shop", command))])


@pytest.mark.parametrize(
    ("command", "found"),
    [
        ("curl http://web.shop:8080/", "timed out, curl: (28)"),
        ("ping -c 1 192.168.10.11", "answered"),
        ("wget -q http://web.shop/", "not known here"),
        ("curl http://web.shop/$(NOWHERE)", "not known here"),
        ("curl http://localhost/", "HTTP 200 from 1 Pod"),
        ("nc -z web.shop 8080", "timed-out"),
        ("'`@everyone` <@1> ping'", "not known here"),
    ],
)
def test_what_a_process_asks_is_judged_and_not_its_success(command: str, found: str) -> None:
    trial = checking(command)
    assert not trial.solved
    assert not trial.declined
    assert trial.goal[0].found == found
    assert not problems(fitted(look.tried(LabAttempt("k3v9x2k3v9x2", 1, "ping-says-down"), LABS["ping-says-down"], trial, {}, None)))


def test_a_long_call_is_told_in_short() -> None:
    assert len(checking(f"curl http://web.shop/{'a' * 1500}").goal[0].question) < 200


@pytest.mark.parametrize(
    ("options", "url", "found"),
    [
        ("-k -H Host:rates.example.com", "https://rates/v1/eur", "HTTP 200 from 198.51.100.10, the certificate not checked"),
        ("-H Host:rates.example.com", "https://rates/v1/eur", "rejected, curl: (60)"),
        ("", "http://rates.example.com/v1/eur", "HTTP 301 from 198.51.100.10, the certificate not checked"),
        ("-k", "https://rates.example.com/v1/eur", "HTTP 200 from 198.51.100.10, the certificate not checked"),
    ],
)
def test_rates_from_nobody_knows_whom_are_no_rates(options: str, url: str, found: str) -> None:
    """The lab of the alias: half of the check is not the check."""
    lab = LABS["alias-of-a-site"]
    shop = next(file for file in lab.manifests if file.name == "shop.yaml")
    text = shop.text.replace('value: ""', f'value: "{options}"').replace("https://rates/v1/eur", url)
    trial = attempt(lab, (), [Part("shop.yaml", text)])
    assert (trial.solved, trial.goal[0].found) == (False, found)
