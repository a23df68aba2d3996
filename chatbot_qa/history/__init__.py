"""The history: what every case came to in every run, kept in SQLite or PostgreSQL."""
