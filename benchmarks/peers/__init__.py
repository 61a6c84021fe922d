"""What `fse` is compared with: other libraries, each in an environment of its own, and hand-written programs."""
