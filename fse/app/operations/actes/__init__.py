"""What people do by hand: attach a return, force a state, enter a statement, put away, take back.

Each act has an author and a reason, is shown as manual, and is never erased: another act annuls it. An act is one
transaction: the fact, its event, and the blocks that it touches.
"""
