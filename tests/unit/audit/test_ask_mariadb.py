"""MariaDB tells its databases and tables, and when they were changed."""

from __future__ import annotations

from dataclasses import replace
from os import utime
from pathlib import Path

from plugins.module_utils.audit.ask_mariadb import file_name
from plugins.module_utils.audit.facts import DatabaseSeen, TableSeen
from plugins.module_utils.host import Finished
from tests.unit.audit.asked import MARIADB, asked, moment, only
from tests.unit.fakes import FakeHost

MARIADB_SAYS = (
    "mautic\tleads\tInnoDB\t50000\t12345678\t1700000200\t1700000100\n"
    "mautic\todd\\tname\tMyISAM\t3\t2048\tNULL\t1700000000\n"
    "empty\tNULL\tNULL\tNULL\t0\tNULL\tNULL\n"
)


def test_mariadb_tells_databases_tables_engines_sizes_and_changes() -> None:
    host = FakeHost({"mariadb": Finished(0, MARIADB_SAYS, "")})
    mautic, empty = asked(MARIADB, host)
    leads = TableSeen("", "leads", "InnoDB", 12345678, 50000, moment(1700000200))
    odd = TableSeen("", "odd\tname", "MyISAM", 2048, 3, moment(1700000000))
    assert mautic == DatabaseSeen(
        MARIADB, "mautic", 12347726, moment(1700000200), tables=(leads, odd)
    )
    assert empty == DatabaseSeen(MARIADB, "empty", 0)
    argv = list(host.calls[0].argv)
    assert argv[:5] == ["timeout", "--kill-after=2", "75", "mariadb", "--no-defaults"]
    assert argv[5:8] == ["--socket=/run/mysqld/mysqld.sock", "--user=root", "--connect-timeout=10"]


def test_a_change_that_innodb_has_forgotten_is_told_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "my@002dnews").mkdir()
    file = tmp_path / "my@002dnews" / "leads.ibd"
    file.touch()
    utime(file, (1800000000, 1800000000))
    row = "my-news\tleads\tInnoDB\t1\t16384\tNULL\t1700000000\n"
    host = FakeHost({"mariadb": Finished(0, row, "")})
    one = only(asked(replace(MARIADB, data_directory=str(tmp_path)), host))
    assert one.changed == moment(1800000000)


def test_names_become_names_of_files_as_mariadb_makes_them() -> None:
    assert file_name("my-news 2") == "my@002dnews@00202"


def test_a_refused_login_is_a_sentence_with_the_databases_that_the_folder_tells(
    tmp_path: Path,
) -> None:
    for name in ("mautic", "my@002dnews", "mysql", "sys", "#innodb_redo"):
        (tmp_path / name).mkdir()
    (tmp_path / "mautic/leads.ibd").write_bytes(b"x" * 100)
    denied = Finished(1, "", "ERROR 1045 (28000): Access denied for user 'root'@'localhost'\n")
    server = replace(MARIADB, data_directory=str(tmp_path))
    one = only(asked(server, FakeHost({"mariadb": denied})))
    assert (one.name, one.bytes, one.tables) == ("", 100, ())
    assert one.refused == (
        "ERROR 1045 (28000): Access denied for user 'root'@'localhost'; its data lie in "
        f"{tmp_path}, in folders with the names of the databases mautic, my-news"
    )
