"""Editions on a cluster: a real scheduler and worker processes on loopback, an S3 server in this process, and what goes wrong with them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from bench.world import World
from tests.cluster.house import Cluster, cluster, until
from tests.conftest import ROOT
from tests.stories.conftest import contents, executed_here, here
from tieout import running

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("cluster")]

CODES = ["xaa", "xab"]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("world") / "house"
    World(countries=len(CODES), years=1, rows=1).write(root)
    return root


@pytest.fixture(scope="module")
def local(world: Path) -> dict[str, dict[str, bytes]]:
    """The editions as this machine builds them."""
    with pytest.MonkeyPatch.context() as patched:
        if "CAMPAIGN" not in os.environ:
            patched.setattr(running, "execute", executed_here)
        done = here("run", "--root", world)
    assert done.returncode == 0, done.stderr
    return {code: contents(world / "outputs" / code) for code in CODES}


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, str]]:
    """An S3 server, as the environment that leads to it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    settings = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing",
                "AWS_DEFAULT_REGION": "us-east-1"}  # fmt: skip
    with pytest.MonkeyPatch.context() as patched:
        for name, value in settings.items():
            patched.setenv(name, value)
        fsspec.filesystem("s3", skip_instance_cache=True).mkdir("editions-of-tests")
        yield settings
    server.stop()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, bucket: dict[str, str]) -> Iterator[Cluster]:
    """A scheduler and two workers."""
    with cluster(tmp_path_factory.mktemp("cluster") / "desk", **bucket) as made:
        made.add()
        made.add()
        made.wait_for(2)
        yield made


def asked(world: Path, house: Cluster, share: str, output: Path, *more: str) -> subprocess.Popen:
    """``run --all --dask``, started."""
    command = [sys.executable, str(ROOT / "pipeline.py"), "run", "--all", "--root", str(world), "--dask", house.address, "--share", share,
               "--output", str(output), *more]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen, status: int = 0) -> tuple[str, str]:
    out, err = process.communicate(timeout=400)
    assert process.returncode == status, out + err
    return out, err


def same(output: Path, local: dict[str, dict[str, bytes]]) -> bool:
    return all(contents(output / code) == local[code] for code in CODES)


def test_over_s3_every_edition_is_the_same_bytes_as_on_one_machine(world, local, house, bucket, tmp_path) -> None:
    share = "s3://editions-of-tests/first"
    out, err = ended(asked(world, house, share, tmp_path / "out"))
    assert same(tmp_path / "out", local)
    assert bucket["AWS_SECRET_ACCESS_KEY"] not in out + err
    # what is in the location already is taken and not built again, also by another machine
    before = fsspec.filesystem("s3", skip_instance_cache=True).find("editions-of-tests/first/editions", detail=True)
    ended(asked(world, house, share, tmp_path / "again"))
    after = fsspec.filesystem("s3", skip_instance_cache=True).find("editions-of-tests/first/editions", detail=True)
    assert {name: one["LastModified"] for name, one in before.items()} == {name: one["LastModified"] for name, one in after.items()}
    assert same(tmp_path / "again", local)


@pytest.mark.campaign
def test_an_edition_changed_on_its_way_is_not_published(world, local, house, tmp_path) -> None:
    share = tmp_path / "share"
    ended(asked(world, house, share.as_uri(), tmp_path / "out"))
    for marker in (share / "editions").glob("*.json"):
        packed = marker.with_suffix(".zip")
        packed.write_bytes(packed.read_bytes().replace(b"Synthetic 001", b"Synthetic 009", 1))
    ended(asked(world, house, share.as_uri(), tmp_path / "again"))
    assert same(tmp_path / "again", local), "what does not fit its digest is built anew"


def test_a_country_that_fails_is_one_line_and_the_other_is_finished(world, local, house, tmp_path) -> None:
    root = tmp_path / "house"
    World(countries=len(CODES), years=1, rows=1).write(root)
    row = root / "data" / "xab" / "metrics" / "syn-2025.csv"
    row.write_text(row.read_text(encoding="utf-8").replace(",exact,", ",at_least,"), encoding="utf-8")
    _, err = ended(asked(root, house, (tmp_path / "share").as_uri(), tmp_path / "out"), status=1)
    assert "qualifier-worded" in err
    assert [line for line in err.splitlines() if line.startswith("    xab: status 1: ")], err
    assert contents(tmp_path / "out" / "xaa") == local["xaa"]
    assert not (tmp_path / "out" / "xab").exists()


@pytest.mark.campaign
def test_a_worker_of_other_versions_refuses_and_says_why(world, house, tmp_path) -> None:
    (tmp_path / "packages" / "pandas-0.dist-info").mkdir(parents=True)
    with cluster(tmp_path / "other", TIEOUT_TESTS_OTHER=str(tmp_path / "packages")) as other:
        other.add()
        other.wait_for(1)
        _, err = ended(asked(world, other, (tmp_path / "share").as_uri(), tmp_path / "out"), status=2)
    assert "the worker has another tieout" in err and "pandas 0 instead of" in err


def test_a_worker_killed_amid_its_work_loses_it_to_another(world, local, bucket, tmp_path) -> None:
    share = tmp_path / "share"
    with cluster(tmp_path / "desk") as desk:
        slow = desk.add(TIEOUT_TESTS_SLOW=str(tmp_path / "begun"))
        desk.wait_for(1)
        run = asked(world, desk, share.as_uri(), tmp_path / "out")
        until((tmp_path / "begun").exists)
        desk.add()
        slow.send_signal(signal.SIGKILL)
        ended(run)
    assert same(tmp_path / "out", local)


@pytest.mark.campaign
def test_a_scheduler_that_comes_back_is_asked_again(world, local, tmp_path) -> None:
    with cluster(tmp_path / "desk") as desk:
        desk.add(TIEOUT_TESTS_SLOW=str(tmp_path / "begun"))
        desk.wait_for(1)
        run = asked(world, desk, (tmp_path / "share").as_uri(), tmp_path / "out")
        until((tmp_path / "begun").exists)
        desk.scheduler.kill()
        desk.workers[0].kill()
        desk.scheduler.wait()
        desk.start()
        desk.add()
        out, _ = ended(run)
    assert "asking again for 2 of 2 editions" in out
    assert same(tmp_path / "out", local)


@pytest.mark.campaign
def test_a_slow_worker_keeps_nobody_from_finishing(world, local, tmp_path) -> None:
    """Work that waits behind a slow worker goes to one that is free."""
    with cluster(tmp_path / "desk") as desk:
        desk.add(TIEOUT_TESTS_SLOW=str(tmp_path / "begun"), TIEOUT_TESTS_SECONDS="12")
        desk.wait_for(1)
        run = asked(world, desk, (tmp_path / "share").as_uri(), tmp_path / "out")
        until((tmp_path / "begun").exists)
        desk.add()
        ended(run)
    assert same(tmp_path / "out", local)


def test_without_a_location_or_a_scheduler_the_message_says_so(world, monkeypatch, tmp_path) -> None:
    done = here("run", "--root", world, "--dask", "tcp://127.0.0.1:9", "--output", tmp_path)
    assert done.returncode == 2 and "--share" in done.stderr
    from tieout import cluster as module

    monkeypatch.setattr(module, "PATIENCE", 0)
    done = here("run", "--root", world, "--dask", "tcp://127.0.0.1:9", "--share", (tmp_path / "s").as_uri(), "--output", tmp_path)
    assert done.returncode == 2 and "There is no Dask scheduler at tcp://127.0.0.1:9" in done.stderr
    assert json.dumps(os.environ.get("AWS_SECRET_ACCESS_KEY", "")) not in done.stderr
