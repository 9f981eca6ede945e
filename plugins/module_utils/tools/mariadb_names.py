# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names and texts as MariaDB wants them quoted, and the sentence for a name that is not there."""

from __future__ import annotations


def missing_database(database: str, server: str) -> str:
    """Say that a declared database is not there."""
    return (
        f"the database {database} does not exist on {server}, so nothing was saved. Correct the "
        "name in services.probealarm.yml, or find out who dropped it: the last snapshot has it."
    )


def identifier(name: str) -> str:
    """Quote a name for MariaDB (manual: "Identifier Names")."""
    return "`" + name.replace("`", "``") + "`"


def literal(text: str) -> str:
    """Quote a text for MariaDB."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
