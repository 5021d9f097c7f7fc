"""Steps from one version of the database to the next, run as the station starts.

A new one: change ``models.py``, then copy the newest file of ``versions`` to the next number and
write what changed. No step is changed once it was released.
"""
