"""Timers, ticks of checklists, and notes for the next crew."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make their tables."""
    op.create_table(
        "timers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("vehicle", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("checklist", sa.Text),
        sa.Column("period_s", sa.Float, nullable=False),
        sa.Column("repeats", sa.Integer, nullable=False),
        sa.Column("due_s", sa.Float),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("clock", sa.Text, nullable=False),
        sqlite_autoincrement=True)
    op.create_table(
        "ticks",
        sa.Column("vehicle", sa.Text, primary_key=True),
        sa.Column("item", sa.Text, primary_key=True))
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("vehicle", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("written_s", sa.Float, nullable=False),
        sa.Column("vehicle_name", sa.Text),
        sa.Column("vehicle_time_s", sa.Float),
        sa.Column("signed_by", sa.Text),
        sa.Column("signed_s", sa.Float),
        sa.Column("signed_vehicle_time_s", sa.Float),
        sqlite_autoincrement=True)
