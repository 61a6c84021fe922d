"""NOEMIE PS returns: the simulator's writer, and the checks of counts and sums that every reader makes."""
