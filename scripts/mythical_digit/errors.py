"""The mistakes that a user can fix."""


class UserError(Exception):
    """A mistake that the user can fix. The message says what is wrong, where, what is allowed and what to do next.

    It is shown without a traceback, and the program ends with exit status 1.
    """
