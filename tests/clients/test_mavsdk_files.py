"""MAVSDK's own FTP and component metadata code against a served aircraft: files and their sums."""

import json
import random

import pytest

from clients.served import Served, wait_for

pytest.importorskip("mavsdk", reason="MAVSDK is not installed (group 'dev')")

from mavsdk.component_type import ComponentType  # isort: skip
from mavsdk.mavsdk import Configuration, Mavsdk  # isort: skip
from mavsdk.plugins.component_metadata.component_metadata import (  # isort: skip
    ComponentMetadata, ComponentMetadataError, MetadataType)
from mavsdk.plugins.ftp.ftp import Ftp, FtpResult  # isort: skip

pytestmark = pytest.mark.compiled_only


def done(start, *arguments):
    """Run one of MAVSDK's transfers to its end; its result."""
    results = []
    start(*arguments, lambda result, progress, _: results.append(result))
    wait_for(lambda: results and results[-1] != FtpResult.NEXT, 60.0, f"{arguments[0]}")
    return results[-1]


def listed(ftp, path):
    return sorted((e.name, e.entry_type.name, e.size_bytes)
                  for e in ftp.list_directory(path).entries)


def check_files(ftp, run, folder):
    assert listed(ftp, "/") == [
        (name, "DIRECTORY", 0) for name in ("etc", "logs", "upload")]
    log = run / "sample.json"
    log.write_bytes(random.Random(1).randbytes(50_000))
    for burst in (True, False):
        target = folder / f"burst-{burst}"
        target.mkdir()
        assert done(ftp.download_async, "/logs/sample.json", str(target), burst) == (
            FtpResult.SUCCESS)
        assert (target / "sample.json").read_bytes() == log.read_bytes()
    assert ftp.are_files_identical(str(log), "/logs/sample.json")
    source = folder / "up.bin"
    source.write_bytes(random.Random(2).randbytes(5_000))
    assert done(ftp.upload_async, str(source), "/upload") == FtpResult.SUCCESS
    assert ftp.are_files_identical(str(source), "/upload/up.bin")
    ftp.rename("/upload/up.bin", "/upload/other.bin")
    ftp.create_directory("/upload/in")
    assert listed(ftp, "/upload") == [("in", "DIRECTORY", 0),
                                         ("other.bin", "FILE", 5000)]
    ftp.remove_directory("/upload/in")
    ftp.remove_file("/upload/other.bin")
    assert done(ftp.upload_async, str(source), "/logs") == (
        FtpResult.FILE_PROTECTED)
    assert done(ftp.download_async, "/logs/../../x", str(folder), True) == (
        FtpResult.FILE_DOES_NOT_EXIST)


def check_metadata(system):
    metadata, updates = ComponentMetadata(system), []
    metadata.subscribe_metadata_available(lambda update, _: updates.append(update))
    metadata.request_autopilot_component()
    wait_for(lambda: MetadataType.PARAMETER in [u.type for u in updates], 30.0, "metadata")
    told = json.loads(metadata.get_metadata(1, MetadataType.PARAMETER).json_metadata)
    bank = next(p for p in told["parameters"] if p["name"] == "LIM_BANK_MAX")
    assert (bank["units"], bank["type"]) == ("deg", "Float")
    assert bank["min"] < bank["default"] < bank["max"]
    for absent in (MetadataType.EVENTS, MetadataType.ACTUATORS):
        with pytest.raises(ComponentMetadataError):
            metadata.get_metadata(1, absent)


def test_mavsdk_reads_writes_and_sums_files_and_finds_the_metadata(tmp_path):
    with (Served(out=tmp_path / "run") as served,
          Mavsdk(Configuration.create_with_component_type(
              ComponentType.GROUND_STATION)) as mavsdk):
        mavsdk.add_any_connection(served.udp)
        system = mavsdk.first_autopilot(20.0)
        check_files(Ftp(system), tmp_path / "run", tmp_path)
        check_metadata(system)
