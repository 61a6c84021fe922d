"""What the columnar codec says when a content is not regular: the record codec reads it, and says what is wrong."""


class Irregular(Exception):  # noqa: N818  # not an error: the content is handed over
    """The content is not regular from here on. The message (English) tells an engineer what was met."""
