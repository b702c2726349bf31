"""Errors that a user can act on. Each message is one sentence: what is wrong and what to do."""


class StudioError(Exception):
    """Base of every error that is shown to the user as a sentence, never as a traceback."""


class UnreadableError(StudioError):
    """The file is damaged, cut short or not what its name says."""


class NoPixelsError(StudioError):
    """The object is sound but holds no picture (a report, a presentation state, a directory)."""


class UnsupportedError(StudioError):
    """The object is sound but needs something that this program does not have."""


class UsageError(StudioError):
    """What was asked for does not fit the input (a frame beyond the last, an unknown suffix)."""


class WriteError(StudioError):
    """The output could not be written or did not pass its check after writing."""
