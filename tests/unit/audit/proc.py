"""A tree like ``/proc``, grown in a folder: just as much of a process as a test needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

HOST_MOUNTS = "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
HOST_NAMESPACE = "mnt:[4026531841]"
UNIX_HEAD = "Num       RefCount Protocol Flags    Type St Inode Path\n"
TCP_HEAD = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when ... inode\n"


@dataclass(frozen=True)
class FakeProcess:
    """What one process shows; the defaults are those of a service on the host itself.

    Attributes:
        files: by descriptor, the target of the link and the flags, in octal.
        unix: listening sockets: path and inode.
        tcp: listening ports and inodes.
    """

    pid: int
    program: str
    arguments: Sequence[str] = ()
    name: str = ""
    parent: int = 1
    uid: int = 0
    cgroup: str = "0::/system.slice/test.service\n"
    working_directory: str = "/"
    namespace: str = HOST_NAMESPACE
    mounts: str = HOST_MOUNTS
    files: dict[int, tuple[str, str]] = field(default_factory=dict)
    unix: Sequence[tuple[str, int]] = ()
    tcp: Sequence[tuple[int, int]] = ()


def grow_proc(proc: Path, *processes: FakeProcess, host_mounts: str = HOST_MOUNTS) -> Path:
    """Make the tree and return it."""
    everything = [FakeProcess(1, "/usr/lib/systemd/systemd", cgroup="0::/init.scope\n"), *processes]
    for process in everything:
        grow(proc / str(process.pid), process)
    (proc / "self").mkdir()
    (proc / "self/mountinfo").write_text(host_mounts)
    (proc / "self/ns").mkdir()
    (proc / "self/ns/mnt").symlink_to(HOST_NAMESPACE)
    (proc / "uptime").write_text("1.0 1.0\n")
    return proc


def grow(folder: Path, process: FakeProcess) -> None:
    for name in ("fd", "fdinfo", "ns", "net"):
        (folder / name).mkdir(parents=True)
    (folder / "exe").symlink_to(process.program)
    (folder / "comm").write_text(f"{process.name or process.program.rsplit('/', 1)[-1]}\n")
    (folder / "cwd").symlink_to(process.working_directory)
    (folder / "root").symlink_to("/")
    (folder / "ns/mnt").symlink_to(process.namespace)
    (folder / "cmdline").write_text("\0".join([process.program, *process.arguments]) + "\0")
    (folder / "cgroup").write_text(process.cgroup)
    (folder / "mountinfo").write_text(process.mounts)
    (folder / "status").write_text(
        f"Name:\tx\nPPid:\t{process.parent}\nUid:\t{process.uid}\t{process.uid}\t0\t0\n"
    )
    sockets = [inode for _, inode in (*process.unix, *process.tcp)]
    links = {100 + number: (f"socket:[{inode}]", "02") for number, inode in enumerate(sockets)}
    for number, (target, flags) in {**links, **process.files}.items():
        (folder / "fd" / str(number)).symlink_to(target)
        (folder / "fdinfo" / str(number)).write_text(f"pos:\t0\nflags:\t{flags}\nmnt_id:\t22\n")
    rows = [
        f"0000000000000000: 00000002 00000000 00010000 0001 01 {inode} {path}\n"
        for path, inode in process.unix
    ]
    (folder / "net/unix").write_text(UNIX_HEAD + "".join(rows))
    lines = [
        f"   0: 0100007F:{port:04X} 00000000:0000 0A 00000000:00000000 00:00000000 00000000"
        f"   101        0 {inode} 1 0000000000000000 100 0 0 10 0\n"
        for port, inode in process.tcp
    ]
    (folder / "net/tcp").write_text(TCP_HEAD + "".join(lines))
    (folder / "net/tcp6").write_text(TCP_HEAD)
