"""The journal says what a vehicle was called at the time, and what its own clock said."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add both columns; what is on record already says neither."""
    op.add_column("journal", sa.Column("vehicle_name", sa.Text))
    op.add_column("journal", sa.Column("vehicle_time_s", sa.Float))
