"""The mass path: many files on every core, resumable, one report. What concentrators and vendors run."""
