"""The voting application: a database as Plenum's migrations leave it, inside a git checkout."""
