"""Orders, the only way into an aircraft that is flown live: the table, and a file a subject."""
