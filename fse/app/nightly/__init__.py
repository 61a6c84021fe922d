"""The nightly job: one night at a time, each step on its own, and what is left to a person told on one page.

`nuit` is the whole of it; `lock` lets one night work at a time, `steps` says what each step does, `folders` receives
what was dropped by hand, `outcomes` says what came of a step, `units` fills the units of systemd for this machine.
"""
