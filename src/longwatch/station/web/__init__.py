"""The browsers: who is let in, what each is sent, and the requests about people and records."""
