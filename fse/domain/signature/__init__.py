"""What proves a lot: one detached CMS per lot, made by an opened signer, and its verification.

Opening a key is `fse.infra.keys`; nothing here reads a file, a card, a clock or the network.
"""
