"""The words of a written answer as one writer would have spelt them all.

Responsible for: abbreviations spelt out, turns of phrase that deny as one word, CamelCase taken apart, words of one meaning and irregular
forms as one.
Leaves to others: sentences, clauses and the reach of a negation (`words`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_SPELT_OUT = [
    (re.compile(pattern), text)
    for pattern, text in (
        (r"\bcan(?:'t|not)\b", "can not"),
        (r"\b(it|that|this|there|what|who|he|she)'s\b", r"\1 is"),
        (r"\bwon't\b", "will not"),
        (r"n't\b", " not"),
        (r"\b(?:is|does|do|wo|ca|was|are|did|have|has|had|should|would|could|were|need|must)nt\b", "does not"),
        (r"\bw/o\b", "without"),
        (r"\bw/", "with "),
        (r"&", " and "),
        (r"\b(?:bc|bcs|cuz|coz)\b", "because"),
        (r"\bthru\b", "through"),
        (r"\bconns?\b", "connection"),
        (r"\breqs?\b", "request"),
        (r"\beps?\b", "endpoint"),
        (r"\baddrs?\b", "address"),
        (r"\bcerts?\b", "certificate"),
        (r"\bgw\b", "gateway"),
        (r"\bk8s\b", "kubernetes"),
        (r"\bcip\b", "cluster ip"),
        (r"\blook(?:s|ed|ing)?[ -](?:it |them |that )?up\b", "lookup"),
        (r"\b(?:hand|give)s? out\b", "gives"),
        (r"\btim(?:e|es|ed|ing)[ -]?out\b", "timeout"),
        (r"\b(\w+) after \1\b", r"\1 by \1"),
        (r"\A\s*(?:no|nope|nah)\b(?=\s*(?:[.,;:!-]|\u2013|\u2014|it\b|this\b|that\b))", "nay."),
        (r"\b(?:e\.g|i\.e)\.", " "),
        (r"\bsvcs?\b", "service"),
        (r"\bmetal lb\b", "metallb"),
        (r"\s=+\s", " is "),
        (r"\bnot (?:yet |being )?ready\b", "unready"),
        (r"\bns\b", "namespace"),
        (r"\bnetpols?\b", "network policy"),
        (r"\blbs?\b|\bloadbalancers?\b", "load balancer"),
        (r"\bclusterips?\b", "cluster ip"),
        (r"\bcluster ip[\s:=`'\"]+(?:(?:is|set|to|of|as)\s+)*[`'\"]?none\b", "without cluster ip"),
        (r"\bnodeports?\b", "node port"),
        (r"\btarget[ -]?ports?\b", "targetport"),
        (r"\bcontainerports?\b", "container port"),
        (r"\bendpointslices?\b", "endpoint slice"),
        (r"\bkubeproxy\b", "kube proxy"),
        (r"\bcoredns\b", "core dns"),
        (r"\bhttproutes?\b", "http route"),
        (r"\breferencegrants?\b", "reference grant"),
        (r"\bfqdn\b", "fully qualified name"),
        (r"\bip addresses\b|\bip address\b|\bips\b", "ip"),
        (r"\bno longer\b", "does not"),
        (r"\b(?:fails?|failed|unable|refuses?) to\b", "does not"),
        (r"\b(?:this|that|it|which|these|those) (?:is|are|was) not (?:the case|so|true|right|correct)\b(?! that)", "unfounded"),
        (r"\b(?:is|are) not (?:how|what|the way|the answer|the point|a step|worth)\b", "is unfounded"),
        (r"\bnot (?:true|right|correct|so|the case) that\b|\bnot that\b|\bnothing to do with\b", "falsely"),
        (r"\b(?:false|untrue|wrong|incorrect|myth|misconception|mistaken) that\b", "falsely"),
        (r"\b(?:is|are) (?:of )?no (?:use|help|good)\b|\bplays? no (?:role|part)\b", "is unfounded"),
        (r"\bnot up to\b|\bis not (?=(?:the |a |an )?\w+(?: \w+){0,3} (?:that|who|which)\b)", "falsely "),
        (r"\b(?:impossible|useless|pointless|unnecessary|needless) (?:that|to)\b", "falsely"),
        (r"\b(?:nobody|no one) (?:should|must|has to|needs to)\b", "falsely"),
        (r"\bnot (?:tell|mean|say|imply|show|prove|think|believe|indicate|follow)\b(?: us| you)?", "falsely"),
        (r"\bno ((?:\w+ ){0,2}\w+) (?:is|are) (?:needed|necessary|required)\b", r"falsely \1"),
        (r"(?:^|(?<=[.;\n]))\s*that\b([^.;\n]*?),?\s+is (?:false|wrong|untrue|incorrect|not (?:true|so|right))\b", r" falsely \1"),
        (r"\b(?:is|are|was) (?:a |an |simply )?(?:common )?(?:myth|misconception|untrue|nonsense)\b", "unfounded"),
        (r"\b(none|nothing) (?:whatsoever|at all)\b", r"\1"),
        (r"\bno (?:more|longer|larger|fewer) than\b", "at most"),
        (r"\bone or (?:more|several)\b|\bmore than one\b", "several"),
        (r"\b(everything|anything|whatever|all|what)(?: that| which)?(?: is| are| was)? not (?:explicitly )?\w+", r"\1 else"),
        (r"\binstead of\b|\brather than\b", "without"),
        (r"\b(?:nothing|nobody|none) (?:but|else than|other than|more than)\b", "only"),
        (r"(\bsays? |\banswers? |(?:\A|[.;\n]\s*)\w+:\s)[\"'`]?no\b(?=[\"'`]?(?:[.,:;]|$))", r"\1nay"),
        (r"\bnot only\b|\bnot just\b", "also"),
    )
]

_NAMES = re.compile(r"\b(?:IPsec|WireGuard|mTLS|gRPC|HAProxy|GitHub|MetalLB|[A-Z][a-z]+(?:[A-Z][a-z]+)*(?:Not|No)[A-Z]\w*|Not?[A-Z]\w*)\b")
"""Names that are one word however they are written, and the API's reasons that hold a `Not`, which denies nothing."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")


def plain(text: str) -> str:
    """Lower case, abbreviations spelt out, CamelCase taken apart, typographic signs made plain."""
    text = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u2018", "'").replace("\u201c", '"').replace("\u201d", '"')
    text = _CAMEL.sub(" ", _NAMES.sub(lambda found: found[0].lower(), text)).lower()
    for pattern, full in _SPELT_OUT:
        text = pattern.sub(full, text)
    return text


_SAME = """
choose: pick chose chosen, install: deploy, several: multiple, refuse: reject, drop: discard swallow blackhole, show: display print,
change: modify edit alter adjust, remove: delete erase, large: huge big, uneven: unequal imbalance imbalanced unbalanced lopsided skewed,
observe: watch, check: verify inspect examine, begin: start began begun, gradual: stepwise incremental, parallel: simultaneous concurrent,
allow: permit, deny: forbid prohibit, cheap: inexpensive, separate: split divide, send: sent, keep: kept, get: got, find: found,
write: wrote written, make: made, hold: held, tell: told, lose: lost, break: broke broken, say: said, know: knew known, see: saw seen,
take: took taken, give: gave given, run: ran, meet: met, stand: stood, build: built, mean: meant, bind: bound, go: went, grow: grew grown
"""
_GROUPS = [entry.split(":") for entry in _SAME.split(",")]
SAME: Mapping[str, str] = {other: word.strip() for word, others in _GROUPS for other in others.split()}
"""Words that mean what another means, or are a form of it that no stemmer knows."""
