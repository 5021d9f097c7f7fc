"""Run by Alembic over the connection that the station opened, in one transaction."""

from alembic import context

from longwatch.station.store.models import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata,
                  transactional_ddl=True, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
