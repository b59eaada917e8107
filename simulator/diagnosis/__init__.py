"""What rules are made of: the state they look at, the shape of a rule, near names, and words that all messages share.

Responsible for: evidence that several rules need (which Services select nobody, why Pods are not ready, who made a Pod).
Leaves to others: the faults themselves, one file each in `rules`.
"""
