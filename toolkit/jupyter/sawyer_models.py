"""Puts the models of the Sawyer arm that lie inside the Python package metaworld 3.1.1 into a folder, with its licence (MIT).

Usage: sawyer_models.py FOLDER

What is only seen is left behind, most of all the textures (37 MB of package, 1 MB of models).
"""

import os
import pathlib
import shutil
import sys
import tempfile
import zipfile

from open_bandit import download

SHA256 = "99e25d9baf97f2f1a19ca89c0d2ca9c6a2b396d9a9be81729de64eedc683f0d3"
FILES = ["sawyer_xyz/sawyer_push_v3.xml", "sawyer_xyz/sawyer_coffee.xml", "scene/basic_scene.xml",
         *(f"objects/assets/{name}.xml" for name in ("xyz_base", "xyz_base_dependencies", "block", "block_dependencies", "mug", "coffeemachine", "coffeemachine_dependencies")),
         "objects/meshes/xyz_base/eGripperBase.stl", "objects/meshes/xyz_base/l6.stl", "objects/meshes/coffeemachine/mug.stl"]


def main():
    target = pathlib.Path(sys.argv[1])
    new = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(download(folder, "metaworld", "3.1.1", SHA256)) as package:
            licence = package.read("metaworld-3.1.1.dist-info/licenses/LICENSE")
            for file in FILES:
                (new / file).parent.mkdir(parents=True, exist_ok=True)
                (new / file).write_bytes(package.read(f"metaworld/assets/{file}"))
            (new / "LICENSE").write_bytes(licence)
        shutil.rmtree(target, ignore_errors=True)
        # as a whole or not at all
        os.replace(new, target)
    finally:
        shutil.rmtree(new, ignore_errors=True)


if __name__ == "__main__":
    main()
