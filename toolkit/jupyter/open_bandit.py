"""Puts the sample of the Open Bandit Dataset that lies inside the Python package obp 0.4.1 into a folder.

Usage: open_bandit.py FOLDER

Writes random/all.csv and bts/all.csv (10 000 rounds each, campaign "all", licence CC BY 4.0) and bts/prior.csv: item, alpha, beta of the Beta distributions that the
Thompson sampling of the logs drew from, from the package itself (Apache 2.0).
"""

import hashlib
import pathlib
import subprocess
import sys
import tempfile
import zipfile

SHA256 = "87dec9caf4283c25ab13036532e0a24566f1c7bdcad1653a8ded43b2f5ef8208"
NOTICE = """Sample of the Open Bandit Dataset, ZOZO, Inc., campaign "all", from the Python package obp 0.4.1. Licence: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/
Y. Saito, S. Aihara, M. Matsutani, Y. Narita. Open Bandit Dataset and Pipeline: Towards Realistic and Reproducible Off-Policy Evaluation. NeurIPS 2021 Datasets and Benchmarks.
bts/prior.csv: parameters from obp/policy/conf/prior_bts.yaml of the same package, Apache 2.0.
"""


def download(folder, name, version, sha256):
    """A package itself; it is not installed and nothing it depends on is fetched."""
    subprocess.run([sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:", "--retries", "1", "--timeout", "15",
                    "--dest", folder, f"{name}=={version}"], check=True)
    wheel = next(pathlib.Path(folder).glob(f"{name}-{version}-*.whl"))
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != sha256:
        raise SystemExit(f"{wheel.name} has SHA-256 {found}, expected {sha256}; it is not used")
    return wheel


def prior(text):
    """Rows of item, alpha, beta of the campaign "all", which is the first."""
    lists = {}
    for line in text.splitlines():
        line = line.strip()
        if line.startswith("- "):
            values.append(line[2:])
        elif line in ("alpha:", "beta:") and line not in lists:
            values = lists[line] = []
        elif line in ("alpha:", "beta:"):
            break
    return ["item,alpha,beta"] + [f"{item},{a},{b}" for item, (a, b) in enumerate(zip(lists["alpha:"], lists["beta:"], strict=True))]


def main():
    target = pathlib.Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(download(folder, "obp", "0.4.1", SHA256)) as package:
        for policy in ("random", "bts"):
            (target / policy).mkdir(parents=True, exist_ok=True)
            (target / policy / "all.csv").write_bytes(package.read(f"obp/dataset/obd/{policy}/all/all.csv"))
        (target / "bts/prior.csv").write_text("\n".join(prior(package.read("obp/policy/conf/prior_bts.yaml").decode())) + "\n")
        # last: its presence says that all is there
        (target / "NOTICE").write_text(NOTICE)


if __name__ == "__main__":
    main()
