"""Content that looks like life, invented from a seed, for the services of the lab.

The package travels to nick as one archive (``python -m lab.content pack``) and fills there what
the roles have set up. It needs nothing but the standard library, and the programs of the
services themselves: rows go in through MariaDB's and PostgreSQL's own clients, posts through
WordPress, letters through Postfix. People are invented; their addresses end in names that are
reserved for examples.
"""
