"""One file per diagnostic rule. A rule sees the cluster and yields facts and places; it changes nothing.

A rule's kebab-case id names the fault and never changes; ALL_RULES is the explicit list.
"""
