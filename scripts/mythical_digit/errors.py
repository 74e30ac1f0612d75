"""The mistakes that a user can mend."""


class UserError(Exception):
    """A mistake that the user can mend: its message says what, where, what is allowed and what to do next.

    It is shown as it stands, without a traceback, and the program ends with exit status 1.
    """
