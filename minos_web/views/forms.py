"""The forms of the pages: fields, their help, and what is checked before anything else looks at them."""

from wtforms import Form, IntegerField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import EqualTo, InputRequired, Length, NumberRange, Optional, Regexp

from minos_web.security.permissions import Role

ROLES = [
    (Role.NONE.value, "none: sees only what is granted on certain clusters"),
    (Role.VIEWER.value, "viewer: sees everything, changes nothing"),
    (Role.OPERATOR.value, "operator: runs clusters"),
    (Role.DEPLOYER.value, "deployer: also uploads packages and edits configuration"),
    (Role.ADMIN.value, "admin: all that, and users"),
]
"""What a person can be."""
TOKEN_ROLES = [(Role.PUSHER.value, "pusher: brings counters, sees nothing"), *ROLES[1:]]
"""What a token can do."""


class PasswordForm(Form):  # type: ignore[misc]
    """A user's own new password."""

    current = PasswordField("Current password", [InputRequired("Type your current password.")])
    password = PasswordField(
        "New password",
        [InputRequired("Type a new password.")],
        description="At least 12 characters; a few words that only you would put together are best.",
    )
    again = PasswordField("New password again", [EqualTo("password", "The two new passwords differ.")])


class TokenForm(Form):  # type: ignore[misc]
    """A token for programs."""

    name = StringField(
        "Name", [InputRequired("Give it a name."), Length(max=64)], description="What it is for, e.g. nightly backup."
    )
    role = SelectField("May do", choices=TOKEN_ROLES, description="Never more than you may do yourself.")
    clusters = StringField(
        "Clusters",
        [Optional(), Length(max=1000)],
        description="Empty: all that you may. Otherwise service/cluster, where * stands for any: hdfs/* */dptst.",
    )
    days = IntegerField(
        "Days",
        [NumberRange(1, 366, "Between 1 and 366 days.")],
        default=90,
        description="It ends by itself after them.",
    )


class UserForm(Form):  # type: ignore[misc]
    """A new user; the password is made up and shown once."""

    name = StringField(
        "Name",
        [InputRequired("Give a name."), Length(max=64)],
        description="Letters, digits, dot, dash, underscore and @; begins with a letter or digit.",
    )
    role = SelectField("Role", choices=ROLES)


class InstallForm(Form):  # type: ignore[misc]
    """Hosts that should get a worker, and what their install lines say."""

    hosts = TextAreaField(
        "Hosts",
        [InputRequired("Name at least one host.")],
        description="One per line: its name, and behind it the address that cluster files use, if that is another.",
    )
    hours = IntegerField(
        "Hours",
        [NumberRange(1, 720, "Between 1 and 720 hours.")],
        default=24,
        description="So long each token may be used, once.",
    )
    root = StringField(
        "Directory",
        [Regexp(r"/[^\x00-\x1f]*\Z", message="An absolute path.")],
        default="/home/work/minos",
        description="Everything of the worker and its tasks lives below it.",
    )
    data_dirs = StringField(
        "Data directories",
        [Regexp(r"(/[^\x00-\x1f]*)?\Z", message="Absolute paths, separated by blanks.")],
        description="Empty: one below the directory above. Several disks: their paths, separated by blanks.",
    )
    user = StringField(
        "User",
        [Regexp(r"([a-z_][a-z0-9_-]{0,31})?\Z", message="A user name of the host.")],
        description="The worker runs as this user; empty: minos, made if missing.",
    )
