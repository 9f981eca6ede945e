"""Every database server is recognised by its process, and every file held open by its holder."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.module_utils.audit.facts import ContainerSeen, OpenFile, ServerSeen
from plugins.module_utils.audit.processes import Running, inhabited, look
from tests.unit.audit.proc import HOST_NAMESPACE, FakeProcess, grow_proc

ID = "c" * 64
FORUM = ContainerSeen("docker", ID, "forum-db-1", "postgres:16", is_running=True, project="forum")
IN_CONTAINER = {
    "namespace": "mnt:[4026532500]",
    "cgroup": f"0::/system.slice/docker-{ID}.scope\n",
    "mounts": "700 600 0:99 / / rw - overlay overlay rw,upperdir=/var/lib/docker/overlay2/x/diff\n"
    "701 700 8:1 /var/lib/docker/volumes/db/_data /data rw - ext4 /dev/sda1 rw\n",
}


def seen(tmp_path: Path, *processes: FakeProcess, known: tuple[ContainerSeen, ...] = ()) -> Running:
    return look(grow_proc(tmp_path / "proc", *processes), known, lambda uid: f"user{uid}")


def server(tmp_path: Path, *processes: FakeProcess) -> ServerSeen:
    (one,) = seen(tmp_path, *processes).servers
    return one


def test_mariadb_is_told_with_socket_port_data_directory_user_and_unit(tmp_path: Path) -> None:
    process = FakeProcess(
        812,
        "/usr/sbin/mariadbd",
        uid=103,
        cgroup="0::/system.slice/mariadb.service\n",
        working_directory="/var/lib/mysql",
        unix=[("/run/mysqld/mysqld.sock", 71), ("/run/other.sock", 9999)],
        tcp=[(33060, 73), (3306, 72)],
    )
    assert server(tmp_path, process) == ServerSeen(
        engine="mariadb",
        pid=812,
        program="mariadbd",
        socket="/run/mysqld/mysqld.sock",
        port=3306,
        data_directory="/var/lib/mysql",
        unit="mariadb.service",
        user="user103",
    )


def test_a_socket_of_another_process_of_the_same_network_is_not_taken(tmp_path: Path) -> None:
    process = FakeProcess(812, "/usr/sbin/mariadbd", unix=[("/run/mysqld/mysqld.sock", 71)])
    proc = grow_proc(tmp_path / "proc", process)
    (proc / "812/fd/100").unlink()
    (one,) = look(proc).servers
    assert (one.socket, one.port) == ("", 0)


def test_of_postgresql_only_the_postmaster_counts_and_its_socket_is_a_folder(
    tmp_path: Path,
) -> None:
    main = FakeProcess(
        50,
        "/usr/lib/postgresql/17/bin/postgres",
        ["-D", "/var/lib/postgresql/17/main"],
        working_directory="/var/lib/postgresql/17/main",
        unix=[("/var/run/postgresql/.s.PGSQL.5433", 5)],
    )
    child = FakeProcess(51, "/usr/lib/postgresql/17/bin/postgres", parent=50)
    one = server(tmp_path, main, child)
    assert (one.pid, one.socket, one.port) == (50, "/run/postgresql", 5433)
    assert one.data_directory == "/var/lib/postgresql/17/main"


def test_a_server_that_an_upgrade_has_replaced_on_the_disk_still_counts(tmp_path: Path) -> None:
    process = FakeProcess(60, "/usr/sbin/mariadbd (deleted)", tcp=[(3306, 3)])
    one = server(tmp_path, process)
    assert (one.engine, one.program, one.port) == ("mariadb", "mariadbd", 3306)


def test_debians_redis_which_is_a_file_with_another_name_counts(tmp_path: Path) -> None:
    process = FakeProcess(60, "/usr/bin/redis-check-rdb", name="redis-server", tcp=[(6379, 3)])
    one = server(tmp_path, process)
    assert (one.engine, one.program, one.port) == ("redis", "redis-server", 6379)


@pytest.mark.parametrize(
    ("process", "engine", "data"),
    [
        (FakeProcess(9, "/usr/bin/valkey-server", working_directory="/v"), "redis", "/v"),
        (FakeProcess(9, "/usr/sbin/mysqld", ["--datadir=/srv/m/"]), "mariadb", "/srv/m"),
        (FakeProcess(9, "/usr/bin/mongod", ["--dbpath", "/srv/mongo"]), "mongodb", "/srv/mongo"),
        (
            FakeProcess(9, "/usr/bin/mongod", files={7: ("/data/db/WiredTiger.lock", "02")}),
            "mongodb",
            "/data/db",
        ),
        (
            FakeProcess(
                9,
                "/opt/couchdb/erts-14/bin/beam.smp",
                ["-couch_ini", "/opt/couchdb/etc/default.ini"],
                files={7: ("/opt/couchdb/data/_dbs.couch", "02")},
            ),
            "couchdb",
            "/opt/couchdb/data",
        ),
        (
            FakeProcess(
                9,
                "/usr/share/elasticsearch/jdk/bin/java",
                ["-m", "org.elasticsearch.server/org.elasticsearch.bootstrap.Elasticsearch"],
                files={7: ("/var/lib/elasticsearch/node.lock", "02")},
            ),
            "elasticsearch",
            "/var/lib/elasticsearch",
        ),
        (
            FakeProcess(9, "/usr/bin/java", ["org.opensearch.bootstrap.OpenSearch"]),
            "elasticsearch",
            "",
        ),
        (
            FakeProcess(9, "/usr/sbin/slapd", files={7: ("/var/lib/ldap/data.mdb", "02")}),
            "openldap",
            "/var/lib/ldap",
        ),
        (FakeProcess(9, "/usr/bin/etcd", ["--data-dir=/var/lib/etcd"]), "etcd", "/var/lib/etcd"),
        (
            FakeProcess(9, "/usr/bin/etcd", files={7: ("/e/default.etcd/member/snap/db", "02")}),
            "etcd",
            "/e/default.etcd",
        ),
        (
            FakeProcess(9, "/usr/bin/etcd", ["--data-dir", "d"], working_directory="/home/e"),
            "etcd",
            "/home/e/d",
        ),
    ],
)
def test_each_engine_is_recognised_with_its_data(
    tmp_path: Path, process: FakeProcess, engine: str, data: str
) -> None:
    one = server(tmp_path, process)
    assert (one.engine, one.data_directory) == (engine, data)


@pytest.mark.parametrize(
    "process",
    [
        FakeProcess(9, "/usr/lib/erlang/bin/beam.smp", ["-s", "rabbit"]),
        FakeProcess(9, "/usr/bin/java", ["-jar", "/opt/app.jar"]),
        FakeProcess(9, "/usr/bin/java", ["org.elasticsearch.launcher.CliToolLauncher"]),
        FakeProcess(9, "/usr/bin/dash", ["/usr/bin/mysqld_safe"]),
        FakeProcess(9, "/usr/bin/mariadb"),
        FakeProcess(9, "/usr/bin/redis-check-rdb", ["dump.rdb"]),
        FakeProcess(9, "/usr/bin/redis-check-rdb", ["*:26379 [sentinel]"], name="redis-server"),
    ],
)
def test_what_only_looks_like_a_server_is_none(tmp_path: Path, process: FakeProcess) -> None:
    assert seen(tmp_path, process).servers == ()


def test_a_server_in_a_container_has_its_data_named_by_the_host(tmp_path: Path) -> None:
    process = FakeProcess(
        9, "/usr/local/bin/postgres", uid=999, working_directory="/data/pg", **IN_CONTAINER
    )
    (one,) = seen(tmp_path, process, known=(FORUM,)).servers
    assert one.data_directory == "/var/lib/docker/volumes/db/_data/pg"
    assert (one.container, one.user, one.unit) == (FORUM, "999", "")


def test_a_container_that_no_program_knows_is_told_by_its_number(tmp_path: Path) -> None:
    process = FakeProcess(9, "/usr/sbin/mysqld", **IN_CONTAINER)
    one = server(tmp_path, process)
    assert one.container == ContainerSeen("docker", ID, "c" * 12, "", is_running=True)


def test_of_containers_in_containers_the_innermost_known_one_counts(tmp_path: Path) -> None:
    nested = FakeProcess(9, "/usr/sbin/mysqld", cgroup=f"0::/docker/{ID}/docker/{'d' * 64}\n")
    (one,) = seen(tmp_path, nested, known=(FORUM,)).servers
    assert one.container == FORUM


def test_a_process_that_vanishes_while_we_look_is_no_error(tmp_path: Path) -> None:
    proc = grow_proc(tmp_path / "proc", FakeProcess(9, "/usr/sbin/mysqld"))
    for name in ("status", "cgroup", "cmdline", "cwd", "mountinfo", "ns/mnt", "root"):
        (proc / "9" / name).unlink()
    (one,) = look(proc).servers
    assert (one.user, one.unit, one.data_directory) == ("", "", "")
    (proc / "9/exe").unlink()
    assert look(proc).servers == ()


def test_kernel_threads_and_the_auditor_itself_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "log").touch()
    writing = {3: (str(tmp_path / "log"), "0100001")}
    proc = grow_proc(tmp_path / "proc", FakeProcess(9, "/usr/bin/python3.13", files=writing))
    (proc / "self").rename(tmp_path / "self")
    (tmp_path / "self/mountinfo").rename(proc / "9/mountinfo")
    (proc / "self").symlink_to("9")
    (proc / "2").mkdir()
    assert look(proc) == Running((), ())


def test_files_held_open_for_writing_are_told_with_program_unit_and_container(
    tmp_path: Path,
) -> None:
    for name in ("log", "read", "gone"):
        (tmp_path / name).touch()
    files = {
        0: ("/dev/null", "02"),
        1: ("pipe:[77]", "01"),
        2: (str(tmp_path / "log"), "0102001"),
        3: (str(tmp_path / "log"), "0102002"),
        4: (str(tmp_path / "read"), "0100000"),
        5: (str(tmp_path / "gone"), "0100002"),
        6: (str(tmp_path), "0200001"),
        7: ("/memfd:x (deleted)", "02"),
    }
    proc = grow_proc(
        tmp_path / "proc", FakeProcess(9, "/usr/bin/app", files=files, namespace=HOST_NAMESPACE)
    )
    (tmp_path / "gone").unlink()
    assert look(proc).open_files == (OpenFile(str(tmp_path / "log"), "app", "test.service"),)


def test_a_file_on_a_mount_that_may_hang_is_not_asked(tmp_path: Path) -> None:
    mounts = "1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:50 / /mnt/nas rw - nfs4 nas:/x rw\n"
    process = FakeProcess(9, "/usr/bin/app", files={3: ("/mnt/nas/never/there", "01")})
    proc = grow_proc(tmp_path / "proc", process, host_mounts=mounts)
    assert [file.path for file in look(proc).open_files] == ["/mnt/nas/never/there"]


def test_what_the_kernel_shows_as_files_is_no_state(tmp_path: Path) -> None:
    (tmp_path / "cgroup").mkdir()
    (tmp_path / "cgroup/memory.pressure").touch()
    mounts = f"1 0 8:1 / / rw - ext4 x rw\n2 1 0:9 / {tmp_path}/cgroup rw - cgroup2 cgroup2 rw\n"
    process = FakeProcess(
        9, "/usr/bin/app", files={3: (f"{tmp_path}/cgroup/memory.pressure", "02")}
    )
    assert look(grow_proc(tmp_path / "proc", process, host_mounts=mounts)).open_files == ()


def test_the_containers_that_have_processes_are_known(tmp_path: Path) -> None:
    proc = grow_proc(tmp_path / "proc", FakeProcess(9, "/bin/sh", **IN_CONTAINER))
    assert inhabited(proc) == {(ID,)}
