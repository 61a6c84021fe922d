"""What passes between the practice and its payers: files sent, messages fetched and read.

Delivery is at least once, its effect exactly once: what leaves bears a fixed identity, what comes is kept before it is
removed from where it was, and known by its digest.
"""
