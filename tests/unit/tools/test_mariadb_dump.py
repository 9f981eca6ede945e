"""What a dump defines is read from the dump itself; the text is mariadb-dump 11.8's own."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from plugins.module_utils.tools import mariadb_dump
from plugins.module_utils.tools.mariadb_dump import inspect

DUMP = r"""/*M!999999\- enable the sandbox mode */
-- MariaDB dump 10.19-11.8.6-MariaDB, for debian-linux-gnu (x86_64)

--
-- Sequence structure for `s1`
--

DROP SEQUENCE IF EXISTS `s1`;

--
-- Table structure for table `do``m`
--

DROP TABLE IF EXISTS `do``m`;
INSERT INTO `do``m` VALUES (1,'a\n--\n-- Table structure for table `row`\n--'),
(2,'b');
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 trigger tr after insert on g
for each row begin insert into m values(new.id); end */;;
DELIMITER ;

--
-- Temporary table structure for view `v`
--

/*!50106 DROP EVENT IF EXISTS `ev` */;
/*!50003 DROP FUNCTION IF EXISTS `f1` */;
/*!50003 DROP PROCEDURE IF EXISTS `p x` */;
CREATE DEFINER=`root`@`localhost` PROCEDURE `p x`(a int)
begin
select 'foo
-- Table structure for table `text of a routine`
'; end ;;
/*!50003 DROP PACKAGE IF EXISTS `pk` */;
/*!50003 DROP PACKAGE BODY IF EXISTS `pk` */;

--
-- Final view structure for view `v`
--

/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed
"""

OBJECTS = {
    *("sequence s1", "table s1", "table do`m", "table v", "view v", "event ev", "function f1"),
    *("procedure p x", "package pk", "package body pk", "trigger tr"),
    *("index do`m.PRIMARY", "engine of do`m", "definer of view v", "account kim@localhost"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "database.sql"
    file.write_text(DUMP, encoding="utf-8")
    return file


def test_a_dump_that_defines_what_was_measured_has_no_differences(file: Path) -> None:
    seen = inspect(file)
    assert seen.differences(OBJECTS) == []
    assert (seen.is_whole, seen.bytes) == (True, len(DUMP))
    assert seen.sha256 == hashlib.sha256(DUMP.encode()).hexdigest()


@pytest.mark.parametrize("block", [1, 2, 7, 40, 300])
def test_no_definition_is_lost_between_two_blocks(
    file: Path, block: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = inspect(file)
    monkeypatch.setattr(mariadb_dump, "BLOCK_BYTES", block)
    assert inspect(file) == whole


@pytest.mark.parametrize(
    "thing", ["sequence s2", "table t", "view w", "event e", "function f", "procedure p"]
)
def test_what_a_dump_silently_left_out_is_named(file: Path, thing: str) -> None:
    assert inspect(file).differences({*OBJECTS, thing}) == [f"{thing} is not in it"]


def test_a_table_that_vanished_before_it_was_measured_is_named(file: Path) -> None:
    (said,) = inspect(file).differences(OBJECTS - {"table do`m"})
    assert said == "table do`m is in it and was not there when it was measured"


def test_triggers_that_are_missing_are_counted(file: Path) -> None:
    (said,) = inspect(file).differences({*OBJECTS, "trigger second"})
    assert said == "it has 1 of 2 triggers"


def test_a_dump_without_its_last_line_is_not_whole(file: Path) -> None:
    file.write_text(DUMP.rpartition("--")[0], encoding="utf-8")
    assert not inspect(file).is_whole
    file.write_bytes(b"")
    assert not inspect(file).is_whole


def test_a_dump_has_begun_with_its_first_definition(file: Path) -> None:
    assert mariadb_dump.has_begun(file)
    file.write_text(DUMP.partition("--\n")[0], encoding="utf-8")
    assert not mariadb_dump.has_begun(file)
