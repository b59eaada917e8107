"""One look at manifests: what was found, what a cluster would have taken, what stays of the workspace."""

from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from bot.app.examination import examine, examine_again, unique
from bot.storage.workspaces import Applied
from simulator import SourceFile
from tests.bot.frontend.test_check_manifest import BOTH, DEPLOYMENT, SERVICE


def pasted(text: str, name: str = "pasted.yaml") -> list[SourceFile]:
    return [SourceFile(name, text)]


def test_accepted_documents_become_files_of_their_own() -> None:
    """Each document is kept by itself, named for its object, and says what it said."""
    accepted = examine(pasted("# both\n" + BOTH), ()).accepted

    assert [(document.name, document.objects) for document in accepted] == [
        ("service-production-api-svc.yaml", ("Service/default/production-api-svc",)),
        ("deployment-backend-api.yaml", ("Deployment/default/backend-api",)),
    ]
    assert accepted[0].text.endswith(SERVICE)
    assert accepted[1].text == DEPLOYMENT


def test_a_list_is_kept_as_one() -> None:
    """What was pasted as a List stays one document with all its objects."""
    text = "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n- {apiVersion: v1, kind: Namespace, metadata: {name: b}}\n"

    assert [document.objects for document in examine(pasted(text), ()).accepted] == [("Namespace/a", "Namespace/b")]


def test_what_is_pasted_anew_replaces_what_was() -> None:
    """An older document goes when all its objects are pasted anew; the others run along."""
    old = [
        Applied("service-production-api-svc.yaml", SERVICE, ("Service/default/production-api-svc",)),
        Applied("deployment-backend-api.yaml", DEPLOYMENT, ("Deployment/default/backend-api",)),
    ]

    examined = examine(pasted(SERVICE.replace("production-backend-api", "backend-api")), old)

    assert [file.name for file in examined.files] == ["deployment-backend-api.yaml", "pasted.yaml"]
    assert examined.earlier == 1
    assert examined.findings == ()
    assert [name for name, _ in examined.services] == ["default/production-api-svc"]


def test_the_same_answer_again() -> None:
    """Running the files of an examination once more finds the same, so that buttons need keep no answer."""
    examined = examine(pasted(BOTH), ())
    again = examine_again(examined.files, examined.earlier)

    assert again.findings == examined.findings
    assert again.printed == examined.printed
    assert pickle.loads(pickle.dumps(examined)) == examined


def test_file_names_differ() -> None:
    """Two files of one name are told apart."""
    assert [file.name for file in unique([*pasted("a"), *pasted("b"), *pasted("c")])] == ["pasted.yaml", "2-pasted.yaml", "3-pasted.yaml"]


@given(st.text(max_size=300))
def test_any_text_is_examined(text: str) -> None:
    """No text raises; what comes back can go between processes."""
    pickle.dumps(examine(pasted(text), ()))


def test_namespaces_that_nothing_makes_are_taken_for_granted() -> None:
    """Most of what is pasted names a namespace that exists elsewhere: it is examined and kept all the same, and this is said."""
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"
    examined = examine(pasted(text), ())
    assert examined.granted == ("shop",)
    assert examined.printed == "service/web created"
    assert "namespace-missing" not in [found.rule for found in examined.findings]
    assert [document.objects for document in examined.accepted] == [("Namespace/shop",), ("Service/shop/web",)]
    assert examine_again(examined.files, examined.earlier).granted == ("shop",)

    again = examine(pasted(text), examined.accepted)
    assert again.granted == ()
    assert again.earlier == 1, "the namespace has been made, as if by an earlier paste"
    assert examine(pasted(text.replace("shop", "Sh op")), ()).granted == ()
