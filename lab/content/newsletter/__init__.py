"""The newsletter: a database exactly as Mautic 5.1 keeps it, and Mautic's files.

Mautic is not in Debian, so this is a fixture: its tables, columns, indexes, foreign keys and
generated columns as the application's installer and migrations leave them.
"""
