"""Layers of images are no state; what a container wrote into its own layer may be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from plugins.module_utils.audit.claims import Exemption, Patterns
from plugins.module_utils.audit.layers import OF_A_MOUNT, OF_AN_IMAGE, exempt_layers


def make(folder: Path, *layers: str) -> None:
    for layer in layers:
        (folder / layer / "diff").mkdir(parents=True)


def images(*podman: Path, docker: Path = Path("/nowhere")) -> set[str]:
    pairs = exempt_layers(podman, [docker], {})
    return {Path(path).name for path, reason in pairs if reason == OF_AN_IMAGE}


@pytest.fixture(name="storage")
def _storage(tmp_path: Path) -> Path:
    make(tmp_path / "overlay", "base", "app", "written", "by-a-volatile-one", "l")
    (tmp_path / "overlay-layers").mkdir()
    folder = tmp_path / "overlay-containers"
    folder.mkdir()
    (folder / "containers.json").write_text(json.dumps([{"id": "c1", "layer": "written"}]))
    volatile = [{"id": "c2", "layer": "by-a-volatile-one"}]
    (folder / "volatile-containers.json").write_text(json.dumps(volatile))
    return tmp_path


def test_of_podman_only_layers_of_images_are_exempt(storage: Path) -> None:
    assert images(storage) == {"base", "app"}


def test_of_a_containers_own_layer_only_what_its_runtime_put_there_is_exempt(storage: Path) -> None:
    paths = [path for path, _ in exempt_layers([storage], (), {})]
    own = [path for path in paths if path.startswith(f"{storage}/overlay/written/diff/")]
    assert f"{storage}/overlay/written/diff/etc/hosts" in own
    assert not any(path.endswith(("/diff", "/diff/etc", "/diff/var")) for path in paths)


def test_images_without_any_container_are_exempt(storage: Path) -> None:
    for file in (storage / "overlay-containers").iterdir():
        file.unlink()
    assert images(storage) == {"base", "app", "written", "by-a-volatile-one"}


@pytest.mark.parametrize("text", ["not JSON", "{}[", '[{"id": "c1"}]', "7"])
def test_when_records_cannot_be_read_nothing_is_exempt(storage: Path, text: str) -> None:
    (storage / "overlay-containers" / "containers.json").write_text(text)
    assert images(storage) == set()


def test_of_docker_only_layers_of_images_are_exempt(tmp_path: Path) -> None:
    make(tmp_path / "overlay2", "base", "written", "written-init", "l")
    mount = tmp_path / "image/overlay2/layerdb/mounts/c1"
    mount.mkdir(parents=True)
    (mount / "mount-id").write_text("written")
    assert images(docker=tmp_path) == {"base", "written-init"}


def test_a_machine_without_containers_has_none(tmp_path: Path) -> None:
    assert images(tmp_path, docker=tmp_path) == set()


def test_what_lies_under_a_mount_is_exempt_in_that_container_alone(storage: Path) -> None:
    targets = {"c1": ["/first.sql", "/var/lib/app/"], "c2": ["/"], "gone": ["/x"]}
    found = {path for path, reason in exempt_layers([storage], (), targets) if reason == OF_A_MOUNT}
    assert found == {
        f"{storage}/overlay/written/diff/first.sql",
        f"{storage}/overlay/written/diff/var/lib/app",
    }


def test_records_are_exempt_wherever_a_store_is_and_never_what_lies_in_a_volume() -> None:
    pairs = exempt_layers([Path("/srv/podman")], [Path("/srv/docker")], {})
    patterns = Patterns(Exemption(*pair) for pair in pairs)
    for path in ("podman/overlay-containers", "podman/db.sql", "docker/image", "docker/network"):
        assert patterns.matching(f"/srv/{path}"), path
    for path in (
        "podman/volumes/gallery/_data/user-images",
        "podman/volumes/gallery/_data/x.lock",
        "podman/secrets/filedriver/secretsdata.json",
        "podman/networks/own.json",
        "docker/volumes/gallery/_data/image",
        "docker/swarm",
    ):
        assert not patterns.matching(f"/srv/{path}"), path
