"""Users, sessions, missions, journal, settings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "users",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("changed_s", sa.Float, nullable=False))
    op.create_table(
        "sessions",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("roles", sa.Text, nullable=False),
        sa.Column("began_s", sa.Float, nullable=False),
        sa.Column("ends_s", sa.Float, nullable=False))
    op.create_table(
        "missions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("items", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("changed_s", sa.Float, nullable=False),
        sqlite_autoincrement=True)
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("time_s", sa.Float, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("vehicle", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("arguments", sa.Text, nullable=False),
        sa.Column("result", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sqlite_autoincrement=True)
    op.create_index("journal_vehicle", "journal", ["vehicle", "id"])
    op.create_table(
        "settings",
        sa.Column("user", sa.Text, primary_key=True),
        sa.Column("document", sa.Text, nullable=False))
