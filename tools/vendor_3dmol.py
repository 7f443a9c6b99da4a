"""Put the 3Dmol ES build into widgets/browser/vendor from a package tarball, with its digests.

    npm pack 3dmol@VERSION
    python tools/vendor_3dmol.py 3dmol-VERSION.tgz

The version must be that of the installed py3Dmol, which builds the scenes the viewer replays.
"""

import argparse
import hashlib
import json
import tarfile
from importlib.metadata import version
from pathlib import Path

from workbench.atomic_files import write_file

VENDOR = Path(__file__).parents[1] / "widgets" / "browser" / "vendor"
FILES = {
    "package/build/3Dmol.es6-min.js": "3Dmol.es6-min.js",
    "package/LICENSE": "LICENSE",
}


def main() -> None:
    """Read the tarball named on the command line and write the vendor folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("tarball", type=Path)
    tarball = parser.parse_args().tarball
    with tarfile.open(tarball) as archive:
        package = json.loads(_member(archive, "package/package.json"))
        contents = {name: _member(archive, source) for source, name in FILES.items()}
    expected = version("py3Dmol")
    if package["version"] != expected:
        raise SystemExit(f"{tarball} holds 3Dmol {package['version']}, py3Dmol here is {expected}")
    VENDOR.mkdir(parents=True, exist_ok=True)
    for name, data in contents.items():
        write_file(VENDOR / name, data)
    manifest = {
        "name": package["name"],
        "version": package["version"],
        "license": package["license"],
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in contents.items()},
    }
    write_file(VENDOR / "MANIFEST.json", json.dumps(manifest, indent=2) + "\n")


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    handle = archive.extractfile(name)
    if handle is None:
        raise SystemExit(f"{name} is not a file in {archive.name}")
    return handle.read()


if __name__ == "__main__":
    main()
