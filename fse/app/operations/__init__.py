"""The Python API: one function a command, typed, never printing. The only place that joins journal, engine, codec
and signature. `import fse` gives these functions, loaded when they are first used.
"""
