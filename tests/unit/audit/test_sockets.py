"""Of all sockets of a network, only those on which a process itself listens are its own."""

from __future__ import annotations

from plugins.module_utils.audit.sockets import inodes_of, tcp_ports, unix_paths

UNIX = (
    "Num       RefCount Protocol Flags    Type St Inode Path\n"
    "ffff8d3a4c1f4400: 00000002 00000000 00010000 0001 01 18001 /run/mysqld/mysqld.sock\n"
    "ffff8d3a4c1f4800: 00000003 00000000 00000000 0001 03 18001 /run/a/client\n"
    "ffff8d3a4c1f4c00: 00000002 00000000 00010000 0001 01 18002 /run/redis/redis.sock\n"
    "ffff8d3a4c1f5000: 00000002 00000000 00010000 0001 01 18001 @abstract\n"
    "ffff8d3a4c1f5400: 00000002 00000000 00010000 0001 01 18001\n"
    "ffff8d3a4c1f5800: 00000002 00000000 00010000 0001 01 18001 /run/with a space\n"
    "ffff8d3a4c1f5c00: 00000002 00000000 00010000 0001 01 18001 /run/with\n"
    "a line break\n"
)
TCP = (
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout\n"
    "   0: 00000000:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000   103        0 "
    "18001 1 0000000000000000 100 0 0 10 0\n"
    "   1: 0100007F:0050 0100007F:9C40 01 00000000:00000000 00:00000000 00000000   103        0 "
    "18001 1 0000000000000000 100 0 0 10 0\n"
    "   2: 0100007F:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000   104        0 "
    "18002 1 0000000000000000 100 0 0 10 0\n"
    "torn\n"
)
TCP6 = (
    "  sl  local_address                         remote_address                        st\n"
    "   0: 00000000000000000000000000000000:8124 00000000000000000000000000000000:0000 0A "
    "00000000:00000000 00:00000000 00000000   103        0 18001 1 0000000000000000 100 0\n"
)


def test_a_process_listens_at_its_own_paths() -> None:
    assert unix_paths(UNIX, {18001}) == (
        "/run/mysqld/mysqld.sock",
        "/run/with",
        "/run/with a space",
    )


def test_a_process_listens_at_its_own_ports_of_both_kinds() -> None:
    assert tcp_ports([TCP, TCP6], {18001}) == (3306, 33060)


def test_empty_tables_are_no_error() -> None:
    assert unix_paths("", {1}) == ()
    assert tcp_ports(["", ""], {1}) == ()


def test_sockets_are_told_from_other_open_files() -> None:
    assert inodes_of(["socket:[18001]", "pipe:[3]", "/socket:[4]", "socket:[x]"]) == {18001}
